import { valueAt } from '../../../core/json.ts';
import type { KubeObject, Stored } from '../../../core/kubernetes-object.ts';
import { parseTime } from '../../../core/time.ts';
import { humanDuration } from './human-duration.ts';

/** What a table shows of an object. An empty text is an empty cell. */
export type Cell = string | number | boolean;

/** One column of a kind's table. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  /** 1 and more are shown in wide tables only; 0 where absent. */
  readonly priority?: number;
  cell(object: Stored<KubeObject>, nowMs: number): Cell;
}

export const NAME: Column = { name: 'Name', type: 'string', cell: ({ metadata }) => metadata.name };

export const AGE: Column = {
  name: 'Age',
  type: 'string',
  cell: ({ metadata }, nowMs) => since(metadata.creationTimestamp, nowMs),
};

/** A column that shows a field; empty where the object has none. */
export function fieldColumn(name: string, ...path: readonly (string | number)[]): Column {
  return { name, type: 'string', cell: (object) => textAt(object, ...path) };
}

/** How long ago a time was. */
export function since(time: unknown, nowMs: number): string {
  const startMs = typeof time === 'string' ? parseTime(time) : Number.NaN;
  return Number.isNaN(startMs) ? '<unknown>' : humanDuration(nowMs - startMs);
}

export function textAt(object: unknown, ...path: readonly (string | number)[]): string {
  const value = valueAt(object, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

export function numberAt(object: unknown, ...path: readonly (string | number)[]): number {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : 0;
}

export function listAt(object: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value : [];
}

/** How many entries a field holds. */
export function sizeAt(object: unknown, ...path: readonly (string | number)[]): number {
  const value = valueAt(object, path);
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
