import { expect, it } from 'vitest';
import { cut, firstLine } from '../../core/cut.ts';

it.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['abcd', 1, '…'],
  ['ab😀', 3, 'ab…'],
])('%j cut to %d is %j', (text, length, expected) => {
  expect(cut(text, length)).toBe(expected);
});

it('takes the first line only', () => {
  expect(firstLine('one\ntwo', 10)).toBe('one');
  expect(firstLine('', 10)).toBe('');
});
