import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine } from '../../experiments/csv-line.ts';

it.each<[(string | number | null)[], string]>([
  [['a', 1, null], 'a,1,'],
  [['a,b', 'c"d', 'e\nf'], '"a,b","c""d","e\nf"'],
  [[''], ''],
  [[1e-7, -0.5], '1e-7,-0.5'],
  [['NaN', ' x '], 'NaN, x '],
])('%j becomes %j', (fields, line) => {
  expect(csvLine(fields)).toBe(line);
});

/** A reader of RFC 4180, apart from the line ends between records. */
function readCsvLine(line: string): string[] {
  return [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}

it('keeps every text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ') });
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (fields) => {
      expect(readCsvLine(csvLine(fields))).toEqual(fields);
    }),
  );
});
