import { expect, it } from 'vitest';
import { createValueChanges } from '../../../metrics-collector/prometheus/value-changes.ts';

type Seen = number | [value: number, timeMs: number];

it.each<[string, Seen[], number[]]>([
  ['each new value once', [0.5, 0.5, 0.25, 0.25, 0.5], [0.5, 0.25, 0.5]],
  ['NaN once', [1, NaN, NaN, 2], [1, NaN, 2]],
  [
    'an equal value with a new time',
    [
      [1, 10],
      [1, 10],
      [1, 20],
    ],
    [1, 1],
  ],
  ['a 0 that nothing follows', [0, 0, 0], [0]],
  ['no 0 that a value follows: it had not been set', [0, 0, 0.5, 0.25], [0.5, 0.25]],
  [
    'no 0 with a time either',
    [
      [0, 10],
      [0, 20],
      [3, 30],
    ],
    [3],
  ],
  ['a 0 that follows a value', [0.5, 0, 0], [0.5, 0]],
  ['nothing of nothing', [], []],
])('reports %s', (_, seen, expected) => {
  const changes = createValueChanges();
  const found = seen.map((entry, at) => {
    const [value, timeMs] = typeof entry === 'number' ? [entry, null] : entry;
    return changes.next({ name: 'loss', labels: new Map(), value, timeMs }, at, 1_000 + at);
  });
  const reported = [...found, changes.rest()].flatMap((value) => value ?? []);
  expect(reported.map(({ value }) => value)).toEqual(expected);
});

it('gives the time of the sample, else of the reading, and the step', () => {
  const changes = createValueChanges();
  const sample = { name: 'loss', labels: new Map<string, string>(), value: 1, timeMs: null };
  expect(changes.next(sample, 3, 1_000)).toEqual({ value: 1, step: 3, timeMs: 1_000 });
  expect(changes.next({ ...sample, timeMs: 7 }, null, 2_000)).toEqual({ value: 1, step: null, timeMs: 7 });
});
