import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fieldTable,
  type Field,
  type FieldKind,
  type FieldValue,
} from '../../../experiments/query/field-table.ts';
import { parseFilter } from '../../../experiments/query/filter.ts';
import { QueryError } from '../../../experiments/query/query-error.ts';
import '../../support/property-seed.ts';

type Row = Readonly<Record<string, FieldValue>>;

function field(name: string, kind: FieldKind): Field<Row> {
  return { name, kind, read: (row) => row[name] ?? null };
}

const fields = fieldTable<Row>({
  fixed: [
    field('name', { type: 'text' }),
    field('objective', { type: 'number' }),
    field('status', { type: 'choice', choices: ['Running', 'Succeeded', 'Failed'] }),
    field('created', { type: 'time' }),
  ],
  families: { params: (rest) => field(`params.${rest.join('.')}`, { type: 'mixed' }) },
  familyNames: ['params.NAME'],
  order: ['name'],
});

const ROWS: readonly Row[] = [
  { name: 'a-1', objective: 0.5, status: 'Succeeded', 'params.lr': 0.01, 'params.opt': 'adam' },
  { name: 'a-2', objective: 0.1, status: 'Succeeded', 'params.lr': 0.1, 'params.opt': 'sgd' },
  { name: 'a-10', objective: NaN, status: 'Failed', 'params.lr': 1, 'params.my rate': 7 },
  { name: 'b', objective: null, status: 'Running', created: Date.UTC(2026, 9, 2), 'params.a.b': 3 },
];

function matching(text: string): string {
  return ROWS.filter(parseFilter(text, fields))
    .map(({ name }) => name)
    .join(' ');
}

function errorOf(text: string): QueryError {
  try {
    parseFilter(text, fields);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
  throw new Error(`${text} was understood`);
}

describe('a filter', () => {
  it.each([
    ['', 'a-1 a-2 a-10 b'],
    ['  ', 'a-1 a-2 a-10 b'],
    ['objective < 0.3', 'a-2'],
    ['objective<=.5', 'a-1 a-2'],
    ['objective > 1e-1', 'a-1'],
    ['objective = NaN', 'a-10'],
    ['objective < Infinity', 'a-1 a-2'],
    ['objective != 0.5', 'a-2 a-10 b'],
    ['objective:*', 'a-1 a-2 a-10'],
    ['NOT objective:*', 'b'],
    ['status = "Succeeded" AND objective < 0.3 AND params.lr > 0.01', 'a-2'],
    ['status = succeeded', 'a-1 a-2'],
    ['status != Succeeded', 'a-10 b'],
    ["status = 'Failed' or status = 'Running'", 'a-10 b'],
    ['(status = Failed OR objective > 0.3) AND NOT name = b', 'a-1 a-10'],
    ['not (status = Failed)', 'a-1 a-2 b'],
    ['name = a-1', 'a-1'],
    ['name:"A-"', 'a-1 a-2 a-10'],
    ['name >= a-2', 'a-2 a-10 b'],
    ['status:fail', 'a-10'],
    ['params.opt = adam', 'a-1'],
    ['params.opt > "adam"', 'a-2'],
    ['params.opt > 1', ''],
    ['params.lr = "0.10"', 'a-2'],
    ['params.lr = low', ''],
    ['params."my rate" = 7', 'a-10'],
    ['params."my rate"=7', 'a-10'],
    ['params.a.b=3', 'b'],
    ['params."a.b" = 3', 'b'],
    ['created > "2026-10-01"', 'b'],
    ['created >= 2026-10-02T00:00:00Z', 'b'],
    ['created = "2026-10-02T02:00:00.000+02:00"', 'b'],
    ['created < "2026-10-02"', ''],
    ['name = "a\\"b"', ''],
  ])('%s wants %s', (text, names) => expect(matching(text)).toBe(names));

  it.each([
    ['objective', 10, 'QUERY_SYNTAX', 'the text ends where one of =, !=, <, <=, >, >= and : is expected'],
    ['objective <', 12, 'QUERY_SYNTAX', 'the text ends where a value is expected'],
    ['objective < 1 objective > 0', 15, 'QUERY_SYNTAX', '"objective" stands where AND, OR or the end'],
    ['objective == 1', 12, 'QUERY_SYNTAX', '"=" stands where a value is expected'],
    ['(objective < 1', 15, 'QUERY_SYNTAX', 'the text ends where AND, OR or ")"'],
    ['= 1', 1, 'QUERY_SYNTAX', '"=" stands where a field is expected'],
    ['NOT', 4, 'QUERY_SYNTAX', 'the text ends where a field is expected'],
    ['name = "x', 8, 'QUERY_SYNTAX', 'has no end'],
    ['name = a AND name = b OR name = c', 23, 'QUERY_SYNTAX', 'AND and OR stand side by side'],
    ['objectiv < 1', 1, 'QUERY_FIELD_UNKNOWN', 'there is no field "objectiv"'],
    ['objective. < 1', 1, 'QUERY_FIELD_UNKNOWN', 'there is no field "objective."'],
    ['params < 1', 1, 'QUERY_FIELD_UNKNOWN', 'there is no field "params"'],
    ['constructor = 1', 1, 'QUERY_FIELD_UNKNOWN', 'there is no field'],
    ['objective < low', 13, 'QUERY_VALUE_INVALID', '"low" is none'],
    ['objective:1', 11, 'QUERY_VALUE_INVALID', 'looks for a part of a text'],
    ['objective:"*"', 11, 'QUERY_VALUE_INVALID', 'looks for a part of a text'],
    ['status = Done', 10, 'QUERY_VALUE_INVALID', 'is never "Done"'],
    ['status < Failed', 10, 'QUERY_VALUE_INVALID', 'have no order'],
    ['created > yesterday', 11, 'QUERY_VALUE_INVALID', '"yesterday" is none'],
    ['created > "2026-13-01"', 11, 'QUERY_VALUE_INVALID', 'is a time'],
  ])('%s is refused at column %i', (text, column, code, message) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ column, code, parameter: 'filter' });
    expect(error.message).toContain(message);
    expect(error.remedy).not.toBe('');
  });

  it.each([
    ['long', `name = ${'x'.repeat(4_000)}`, 4_001, 'at most 4000'],
    ['full of comparisons', Array(51).fill('name = a').join(' OR '), 601, 'more than 50 comparisons'],
    ['deep in parentheses', '('.repeat(3_000), 21, 'more than 20 deep'],
    ['deep in negations', 'NOT '.repeat(900), 81, 'more than 20 deep'],
  ])('that is too %s is refused', (_, text, column, message) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ column, code: 'QUERY_TOO_LARGE' });
    expect(error.message).toContain(message);
  });

  it('names the field that was probably meant, or those that there are', () => {
    expect(errorOf('objectve < 1').remedy).toBe('Did you mean "objective"?');
    expect(errorOf('xyz < 1').remedy).toBe('Write one of name, objective, status, created, params.NAME.');
  });

  it('is understood or refused with a place in it, whatever it is', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'name',
        'objective',
        'params.',
        'AND',
        'OR',
        'NOT',
        '(',
        ')',
        '"',
        "'",
        '.',
        ',',
        ':',
        '*',
      ),
      fc.constantFrom(
        '=',
        '!=',
        '<=',
        '<',
        '\\',
        '\n',
        ' ',
        '1e999',
        'NaN',
        'status',
        'Failed',
        '\u{1F600}',
        '!',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('', ' '), (pieces, joint) => {
        const text = pieces.join(joint);
        try {
          ROWS.filter(parseFilter(text, fields));
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
          expect((error as QueryError).column).toBeGreaterThanOrEqual(1);
          expect((error as QueryError).column).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds any text that it is given in quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (value) => {
        const quoted = `"${value.replace(/[\\"]/g, '\\$&')}"`;
        const filter = parseFilter(`name = ${quoted}`, fields);
        expect(filter({ name: value })).toBe(true);
        expect(filter({ name: `${value}!` })).toBe(false);
      }),
    );
  });
});
