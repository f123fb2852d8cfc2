import { z } from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import type { SpecIssue } from '../errors.ts';
import { isJsonObject, valueAt } from '../json.ts';
import { quoted, specIssue, type SpecPath } from './issue.ts';

/** The text of a scalar as its author wrote it, where that is known: `1e-3` and not `0.001`. */
export type SourceText = (path: SpecPath) => string | undefined;

/** What is wrong with a document by its schema, in the vocabulary of its author. */
export function schemaIssues(
  schema: z.ZodType,
  document: unknown,
  error: z.ZodError,
  sourceText: SourceText = () => undefined,
): SpecIssue[] {
  return error.issues.flatMap((issue) => {
    const path = toSpecPath(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = fieldNames(schemaAt(schema, path));
      return issue.keys.map((key) => unknownField(key, path, known));
    }
    const value = valueAt(document, path);
    if (value === undefined) return [missingValue(path, schemaAt(schema, path), expectation(issue))];
    return [describeIssue(issue, path, value, sourceText)];
  });
}

function missingValue(path: SpecPath, schema: z.core.$ZodType | undefined, expected: string): SpecIssue {
  const fields = schema instanceof z.ZodObject ? namedFields(schema) : expected;
  const description = schema instanceof z.ZodString ? (schema.description ?? '') : '';
  const remedy = `Write ${fields}. ${description}`.trim();
  return specIssue('SPEC_REQUIRED', path, `${fieldName(path)} is missing.`, remedy);
}

/** `an object with type and objectiveMetricName`: the fields that it must have, or some that it may have. */
function namedFields(schema: z.ZodObject): string {
  const fields = Object.entries(schema.shape);
  const required = fields.filter(([, field]) => !(field instanceof z.ZodOptional)).map(([name]) => name);
  const names = required.length > 0 ? required : fields.slice(0, 1).map(([name]) => name);
  return `an object with ${names.join(' and ')}`;
}

function describeIssue(
  issue: z.core.$ZodIssue,
  path: SpecPath,
  value: unknown,
  sourceText: SourceText,
): SpecIssue {
  const field = fieldName(path);
  const expected = expectation(issue);
  const found = describeValue(value, sourceText(path));
  if (issue.code === 'too_big' || issue.code === 'too_small') {
    const [how, most] = issue.code === 'too_big' ? ['above', issue.maximum] : ['below', issue.minimum];
    const remedy = `The limit is ${most} ${UNITS[issue.origin] ?? ''}`.trim();
    return specIssue('SPEC_TOO_LONG', path, `${field} is ${found}, which is ${how} the limit.`, `${remedy}.`);
  }
  if (issue.code === 'invalid_value') {
    const message = `${field} is ${found}, which is not one of the values that there are.`;
    const near =
      typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : `Write ${expected}.`;
    return specIssue('SPEC_VALUE_NOT_ALLOWED', path, message, near);
  }
  const message = `${field} is ${found}, but ${expected} goes here.`;
  if (expected === TEXT && (typeof value === 'number' || typeof value === 'boolean')) {
    const key = typeof path.at(-1) === 'number' ? '' : `${field}: `;
    const text = sourceText(path) ?? String(value);
    return specIssue('SPEC_NOT_QUOTED', path, message, `Quote it: ${key}"${text}".`);
  }
  return specIssue('SPEC_WRONG_TYPE', path, message, otherTypeRemedy(field, value, expected));
}

function otherTypeRemedy(field: string, value: unknown, expected: string): string {
  if (typeof value !== 'string' || value.trim() === '') return `Write ${expected}.`;
  if (expected === LIST) return `Write a list: ${field}: ${JSON.stringify(value.trim().split(/\s+/))}.`;
  return Number.isFinite(Number(value))
    ? `Write it without quotes: ${field}: ${value}.`
    : `Write ${expected}.`;
}

const TEXT = 'text';
const LIST = 'a list';
const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };
const EXPECTED: Readonly<Record<string, string>> = {
  string: TEXT,
  number: 'a finite number',
  int: 'a whole number',
  boolean: 'true or false',
  array: LIST,
  object: 'an object with fields of its own',
  record: 'an object with fields of its own',
};

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  if (issue.code === 'invalid_type') return EXPECTED[issue.expected] ?? issue.expected;
  if (issue.code !== 'invalid_union') return 'another value';
  return [...new Set(issue.errors.flat().map(expectation))].join(' or ');
}

function describeValue(value: unknown, source: string | undefined): string {
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'number') return `the number ${source ?? value}`;
  if (typeof value === 'boolean') return `the truth value ${source ?? value}`;
  if (value === null) return 'empty';
  return Array.isArray(value) ? 'a list' : 'an object';
}

function unknownField(key: string, path: SpecPath, known: readonly string[]): SpecIssue {
  const message = `There is no field ${quoted(key)} here.`;
  return specIssue('SPEC_UNKNOWN_FIELD', [...path, key], message, didYouMean(key, known));
}

/** `min`, or `entry 2` for an element of a list. */
function fieldName(path: SpecPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'The document';
  return typeof last === 'number' ? `Entry ${last + 1}` : last;
}

function toSpecPath(path: readonly PropertyKey[]): SpecPath {
  return path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}

/** The schema that the value at a path is checked with. */
function schemaAt(schema: z.core.$ZodType, path: SpecPath): z.core.$ZodType | undefined {
  const bare = withoutWrapper(schema);
  const [step, ...rest] = path;
  if (step === undefined) return bare;
  if (bare instanceof z.ZodObject) {
    const field = (bare.shape as Record<string, z.core.$ZodType>)[step];
    return field && schemaAt(field, rest);
  }
  if (bare instanceof z.ZodArray) return schemaAt(bare.element, rest);
  return bare instanceof z.ZodRecord ? schemaAt(bare.valueType, rest) : undefined;
}

function withoutWrapper(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  return isWrapper ? withoutWrapper(schema.unwrap()) : schema;
}

function fieldNames(schema: z.core.$ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/**
 * The document without what its schema refuses and other checks can do without: unknown fields, and single values of
 * objects. What is refused inside a list stays, so that indexes stay what they are.
 */
export function withoutRefused(schema: z.ZodType, document: unknown, error: z.ZodError): unknown {
  const copy = structuredClone(document);
  for (const issue of error.issues) {
    const isUnknown = issue.code === 'unrecognized_keys';
    const path = toSpecPath(issue.path);
    const parent = valueAt(copy, isUnknown ? path : path.slice(0, -1));
    const keys = isUnknown ? issue.keys : isSingleValue(schemaAt(schema, path)) ? path.slice(-1) : [];
    if (isJsonObject(parent)) for (const key of keys) Reflect.deleteProperty(parent, key);
  }
  return copy;
}

function isSingleValue(schema: z.core.$ZodType | undefined): boolean {
  return !(schema instanceof z.ZodObject || schema instanceof z.ZodArray || schema instanceof z.ZodRecord);
}
