import { expect, it } from 'vitest';
import { textTable } from '../../../cli/output/text-table.ts';

it('aligns columns and leaves out spaces at the ends of lines', () => {
  const table = textTable(
    ['NAME', 'VALUE'],
    [
      ['a', '1'],
      ['longer name', ''],
    ],
  );
  expect(table.split('\n')).toEqual(['NAME          VALUE', 'a             1', 'longer name']);
});

it('is its header alone without rows, and leaves missing cells empty', () => {
  expect(textTable(['A', 'B'], [])).toBe('A   B');
  expect(textTable(['A', 'B'], [['x']])).toBe('A   B\nx');
});

it('keeps a cell of several lines on one, so that columns stay whole', () => {
  expect(textTable(['A', 'B'], [['one\n  two\tthree\r\n', 'x']])).toBe(
    'A                B\none two three    x',
  );
});

it('takes more rows than a call has arguments', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => [String(index)]);
  expect(textTable(['A'], rows).length).toBeGreaterThan(200_000);
});
