import { parseDecimal } from '../decimal.ts';
import type { SpecIssue } from '../errors.ts';
import type { FeasibleSpace, ParameterSpec } from '../experiment.ts';
import type { CategoricalParameter, DiscreteParameter } from '../search-space.ts';
import { quoted, specIssue, type SpecPath } from './issue.ts';

export function readDiscrete(
  { name, feasibleSpace }: ParameterSpec,
  path: SpecPath,
  issues: SpecIssue[],
): DiscreteParameter | null {
  const before = issues.length;
  const spacePath = [...path, 'feasibleSpace'];
  const list = readList('discrete', feasibleSpace, spacePath, issues);
  const entries = list.flatMap((text, index) => {
    const value = parseDecimal(text);
    if (value === undefined) issues.push(notANumber(text, [...spacePath, 'list', index]));
    return value === undefined ? [] : [{ text, value, index }];
  });
  const firstText = new Map<number, string>();
  for (const { text, value, index } of entries) {
    const first = firstText.get(value);
    if (first === undefined) firstText.set(value, text);
    else issues.push(duplicate(text, first, [...spacePath, 'list', index]));
  }
  if (issues.length > before) return null;
  const ascending = entries.sort((a, b) => a.value - b.value);
  const values = ascending.map(({ value }) => value);
  return { kind: 'discrete', name, values, texts: ascending.map(({ text }) => text) };
}

export function readCategorical(
  { name, feasibleSpace }: ParameterSpec,
  path: SpecPath,
  issues: SpecIssue[],
): CategoricalParameter | null {
  const before = issues.length;
  const spacePath = [...path, 'feasibleSpace'];
  const choices = readList('categorical', feasibleSpace, spacePath, issues);
  const seen = new Set<string>();
  for (const [index, text] of choices.entries()) {
    if (seen.has(text)) issues.push(duplicate(text, text, [...spacePath, 'list', index]));
    seen.add(text);
  }
  return issues.length > before ? null : { kind: 'categorical', name, choices };
}

type ListedType = 'discrete' | 'categorical';

function readList(
  type: ListedType,
  space: FeasibleSpace,
  path: SpecPath,
  issues: SpecIssue[],
): readonly string[] {
  for (const field of ['min', 'max', 'step'] as const) {
    if (space[field] === undefined) continue;
    const message = `A parameter of type ${type} has a list, and here is ${field}.`;
    const remedy = 'Write list, or make the parameterType double or int.';
    issues.push(specIssue('SPEC_FIELD_NOT_FOR_TYPE', [...path, field], message, remedy));
  }
  if (space.distribution !== undefined && space.distribution !== 'uniform') {
    const message = `The distribution ${space.distribution} needs a range, and a parameter of type ${type} has a list.`;
    const remedy = 'Remove it, or make the parameterType double or int.';
    issues.push(specIssue('SPEC_FIELD_NOT_FOR_TYPE', [...path, 'distribution'], message, remedy));
  }
  if (space.list !== undefined && space.list.length > 0) return space.list;
  const what = space.list === undefined ? 'missing' : 'empty';
  const message = `list is ${what}: a parameter of type ${type} chooses from a list.`;
  issues.push(
    specIssue('SPEC_REQUIRED', [...path, 'list'], message, 'Write the values, as text: list: ["1", "2"].'),
  );
  return [];
}

function notANumber(text: string, path: SpecPath): SpecIssue {
  const message = `The value ${quoted(text)} is not a finite number, and discrete values are numbers.`;
  return specIssue(
    'SPEC_NUMBER_INVALID',
    path,
    message,
    'Write a number, or make the parameterType categorical.',
  );
}

function duplicate(text: string, first: string, path: SpecPath): SpecIssue {
  const same = text === first ? '' : ` (as ${quoted(first)})`;
  const message = `The value ${quoted(text)} stands in the list already${same}.`;
  return specIssue('SPEC_LIST_DUPLICATE', path, message, 'Write every value once.');
}
