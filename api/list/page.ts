import { z } from 'zod';
import type { FieldTable, FieldValue } from '../../experiments/query/field-table.ts';
import { parseFilter } from '../../experiments/query/filter.ts';
import { parseSort, type Sort } from '../../experiments/query/sort.ts';
import { cursorCodec } from './cursor.ts';
import { smallest } from './smallest.ts';
import { sparse } from './sparse.ts';

const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1_000;

/** What every list takes. */
export const pageQuerySchema = z.object({
  limit: z
    .string()
    .regex(/^\d{1,4}$/, `a whole number from 1 to ${MAX_LIMIT} is needed`)
    .transform(Number)
    .pipe(z.number().min(1, 'the smallest is 1').max(MAX_LIMIT, `the largest is ${MAX_LIMIT}`))
    .optional()
    .describe(`How many objects at most: 1 to ${MAX_LIMIT}, ${DEFAULT_LIMIT} where absent.`),
  cursor: z.string().optional().describe('`nextCursor` of the page before, with the same filter and sort.'),
  filter: z.string().optional().describe('For example `status = "Succeeded" AND objective < 0.3`.'),
  sort: z.string().optional().describe('For example `objective desc, name`.'),
  fields: z
    .string()
    .optional()
    .describe('Only these fields of each object, for example `name,status,params.lr`.'),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

export interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly totalIsExact: boolean;
}

/** The schema of a page. With `fields`, objects have some of their fields only. */
export function pageSchema(item: z.ZodObject, id: string): z.ZodObject {
  return z
    .strictObject({
      items: z.array(item.partial()).describe('Without `fields`, each has all fields.'),
      nextCursor: z.string().nullable().describe('Null on the last page.'),
      total: z.int().min(0).describe('How many objects the filter wants, on all pages.'),
      totalIsExact: z.boolean(),
    })
    .meta({ id });
}

export interface PageSource<T, V extends object> {
  readonly objects: readonly T[];
  readonly fields: FieldTable<T>;
  readonly view: (object: T) => V;
  /** Names of the view's fields. */
  readonly viewFields: readonly string[];
  /** Signs cursors. */
  readonly key: Uint8Array;
  /** Of the list: a cursor is good for it alone. */
  readonly path: string;
}

/** One page of the objects. Only those that are shown are viewed. @throws QueryError, Problem */
export function pageOf<T, V extends object>(source: PageSource<T, V>, query: PageQuery): Page {
  const { limit = DEFAULT_LIMIT, filter = '', sort = '' } = query;
  const pick = sparse(query.fields, source.viewFields);
  const order = parseSort(sort, source.fields);
  const codec = cursorCodec(source.key, [source.path, filter, sort]);
  const after = query.cursor === undefined ? null : codec.decode(query.cursor);
  const wanted = source.objects.filter(parseFilter(filter, source.fields));
  const { shown, hasMore } = firstBehind(wanted, order, after, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ object }) => pick(source.view(object))),
    nextCursor: last && hasMore ? codec.encode(last.keys) : null,
    total: wanted.length,
    totalIsExact: true,
  };
}

interface Keyed<T> {
  readonly object: T;
  readonly keys: FieldValue[];
}

/** The objects behind the cursor, and of them the first so many, in order. */
function firstBehind<T>(
  objects: readonly T[],
  order: Sort<T>,
  after: FieldValue[] | null,
  limit: number,
): { shown: Keyed<T>[]; hasMore: boolean } {
  const behind = objects
    .map((object) => ({ object, keys: order.keysOf(object) }))
    .filter(({ keys }) => after === null || order.compareKeys(keys, after) > 0);
  const shown = smallest(behind, (left, right) => order.compareKeys(left.keys, right.keys), limit);
  return { shown, hasMore: behind.length > limit };
}
