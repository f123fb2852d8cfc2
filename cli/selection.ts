import { parseFilter } from '../experiments/query/filter.ts';
import type { FieldTable } from '../experiments/query/field-table.ts';
import { parseSort, sortObjects } from '../experiments/query/sort.ts';

/** Which objects of a list are wanted, in the languages of docs/rest.md; absent: all, in the order they are in. */
export interface SelectionOptions {
  filter?: string;
  sort?: string;
  limit?: number;
}

export interface Selection<T> {
  readonly shown: readonly T[];
  /** How many more the filter wants than the limit lets through. */
  readonly left: number;
}

/** @throws QueryError with the place of the first mistake */
export function select<T>(
  objects: readonly T[],
  fields: FieldTable<T>,
  { filter = '', sort, limit = Infinity }: SelectionOptions,
): Selection<T> {
  const wanted = objects.filter(parseFilter(filter, fields));
  const ordered = sort === undefined ? wanted : sortObjects(wanted, parseSort(sort, fields));
  return { shown: ordered.slice(0, limit), left: Math.max(0, ordered.length - limit) };
}
