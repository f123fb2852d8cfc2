import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../json.ts';
import { LIST_KEYS, LIST_SETS } from './list-types.ts';

/** A schema in the OpenAPI subset of CustomResourceDefinitions. */
export type StructuralSchema = JsonObject;

const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

/**
 * The structural schema of a zod schema: unknown fields are pruned instead of refused, foreign objects keep theirs,
 * numbers of 32 bits say so, and lists say how they merge. Metadata is left to Kubernetes.
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  const converted: unknown = z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', reused: 'inline' });
  if (!isJsonObject(converted)) throw new Error('the schema of an object is an object');
  const { required, properties, ...rest } = cleaned(converted, '');
  const fields = { ...asObject(properties), apiVersion: { type: 'string' }, kind: { type: 'string' } };
  return { ...rest, properties: fields, required: asArray(required).filter((name) => !OWN_FIELDS.has(name)) };
}

/** Fields that Kubernetes checks itself, in every object. */
const OWN_FIELDS: ReadonlySet<unknown> = new Set(['apiVersion', 'kind', 'metadata']);

function cleaned(schema: JsonObject, field: string): StructuralSchema {
  if (field === 'metadata') return { type: 'object' };
  if (schema.anyOf !== undefined) return { ...described(schema), 'x-kubernetes-int-or-string': true };
  switch (schema.type) {
    case 'object':
      return cleanedObject(schema);
    case 'array':
      return { ...schema, items: cleaned(asObject(schema.items), ''), ...listType(field, schema) };
    case 'integer':
      return { ...schema, ...integerFormat(schema) };
    default:
      return schema;
  }
}

const KEEPS_UNKNOWN_FIELDS = { 'x-kubernetes-preserve-unknown-fields': true };

function cleanedObject({ properties, additionalProperties, ...rest }: JsonObject): StructuralSchema {
  if (isJsonObject(properties)) {
    const fields = Object.entries(properties).map(([name, schema]) => [
      name,
      cleaned(asObject(schema), name),
    ]);
    const known = { ...rest, properties: Object.fromEntries(fields) as JsonObject };
    return isJsonObject(additionalProperties) ? { ...known, ...KEEPS_UNKNOWN_FIELDS } : known;
  }
  const values = asObject(additionalProperties);
  return Object.keys(values).length === 0
    ? { ...rest, ...KEEPS_UNKNOWN_FIELDS }
    : { ...rest, additionalProperties: cleaned(values, '') };
}

/** Clients generate their types from `format`; the API server itself checks the bounds only. */
function integerFormat({ minimum, maximum }: JsonObject): StructuralSchema {
  return { format: minimum === INT32.minimum && maximum === INT32.maximum ? 'int32' : 'int64' };
}

function listType(field: string, { items }: JsonObject): StructuralSchema {
  const key = LIST_KEYS[field];
  const isObjects = asObject(items).type === 'object';
  if (key !== undefined && isObjects) {
    return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] };
  }
  return LIST_SETS.has(field) ? { 'x-kubernetes-list-type': 'set' } : {};
}

function described({ description }: JsonObject): StructuralSchema {
  return description === undefined ? {} : { description };
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
