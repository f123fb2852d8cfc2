import { didYouMean } from '../../core/did-you-mean.ts';
import type { Field, FieldTable } from './field-table.ts';
import type { Scanner } from './scanner.ts';

/** The field whose name comes next. @throws QueryError */
export function takeField<T>(scanner: Scanner, fields: FieldTable<T>): Field<T> {
  const name = scanner.takeFieldName();
  if (!name) {
    const message = `${scanner.describeNext()} where a field is expected.`;
    throw scanner.error('QUERY_SYNTAX', message, `The fields are ${fields.names.join(', ')}.`);
  }
  const field = fields.find(name.segments);
  if (field) return field;
  const text = name.segments.join('.');
  const remedy = didYouMean(text, fields.names);
  throw scanner.error('QUERY_FIELD_UNKNOWN', `there is no field "${text}".`, remedy, name.column);
}
