import { expect, it } from 'vitest';
import { parseQuantity } from '../../../local/kubelet/quantity.ts';

it.each([
  ['500m', 0.5],
  ['2', 2],
  ['0.1', 0.1],
  ['1Gi', 1_073_741_824],
  ['128M', 128_000_000],
  ['2e3', 2_000],
  [3, 3],
  ['lots', undefined],
  ['1Xi', undefined],
  [undefined, undefined],
])('reads %j as %j', (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});
