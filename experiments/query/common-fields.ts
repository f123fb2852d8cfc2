import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import type { Field } from './field-table.ts';
import { readTime } from './read-time.ts';

export function timeField<T>(name: string, read: (object: T) => string | null | undefined): Field<T> {
  return { name, kind: { type: 'time' }, read: (object) => readTime(read(object)) };
}

export function labelField<T extends Stored<KubeObject>>(name: string): Field<T> {
  return {
    name: `labels.${name}`,
    kind: { type: 'text' },
    read: ({ metadata }) => metadata.labels?.[name] ?? null,
  };
}
