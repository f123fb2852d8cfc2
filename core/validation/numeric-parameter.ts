import { decimalsOf, parseDecimal } from '../decimal.ts';
import type { SpecIssue } from '../errors.ts';
import type { FeasibleSpace, ParameterSpec } from '../experiment.ts';
import type { DoubleParameter, IntParameter } from '../search-space.ts';
import { quoted, specIssue, type SpecPath } from './issue.ts';

/** Digits after the point beyond which JavaScript cannot print a number exactly. */
const MAX_DECIMALS = 100;

interface Range {
  min: number;
  max: number;
  step: number | null;
}

export function readDouble(
  { name, feasibleSpace }: ParameterSpec,
  path: SpecPath,
  issues: SpecIssue[],
): DoubleParameter | null {
  const range = readRange('double', feasibleSpace, [...path, 'feasibleSpace'], issues);
  if (!range) return null;
  const { min = '', step = '' } = feasibleSpace;
  const decimals = range.step === null ? 0 : Math.max(decimalsOf(min), decimalsOf(step));
  return { kind: 'double', name, ...range, decimals, distribution: feasibleSpace.distribution ?? 'uniform' };
}

export function readInt(
  { name, feasibleSpace }: ParameterSpec,
  path: SpecPath,
  issues: SpecIssue[],
): IntParameter | null {
  const range = readRange('int', feasibleSpace, [...path, 'feasibleSpace'], issues);
  if (!range) return null;
  const distribution = feasibleSpace.distribution ?? 'uniform';
  return { kind: 'int', name, ...range, step: range.step ?? 1, distribution };
}

type NumericType = 'double' | 'int';

function readRange(
  type: NumericType,
  space: FeasibleSpace,
  path: SpecPath,
  issues: SpecIssue[],
): Range | null {
  const before = issues.length;
  if (space.list !== undefined) {
    const message = `A parameter of type ${type} has a range, and here is a list.`;
    const remedy = 'Write min and max, or make the parameterType discrete.';
    issues.push(specIssue('SPEC_FIELD_NOT_FOR_TYPE', [...path, 'list'], message, remedy));
  }
  const min = readNumber(type, 'min', space.min, path, issues);
  const max = readNumber(type, 'max', space.max, path, issues);
  const step = space.step === undefined ? null : readNumber(type, 'step', space.step, path, issues);
  if (min === undefined || max === undefined || step === undefined) return null;
  const range = { min, max, step };
  checkOrder(type, range, space, path, issues);
  checkStep(range, space, path, issues);
  checkLogarithmic(type, range, space, path, issues);
  return issues.length === before ? range : null;
}

function readNumber(
  type: NumericType,
  field: 'min' | 'max' | 'step',
  text: string | undefined,
  path: SpecPath,
  issues: SpecIssue[],
): number | undefined {
  const fieldPath = [...path, field];
  if (text === undefined || text === '') {
    const what = text === undefined ? 'missing' : 'empty';
    const message = `${field} is ${what}: a parameter of type ${type} has a range.`;
    const remedy = field === 'step' ? 'Write a positive number, or remove it.' : `Write ${field}: "1".`;
    issues.push(specIssue('SPEC_REQUIRED', fieldPath, message, remedy));
    return undefined;
  }
  const value = parseDecimal(text);
  if (value === undefined) {
    const message = `${field} is ${quoted(text)}, which is not a finite number.`;
    const remedy = `Write a number such as ${field}: "${plainNumber(text) ?? '0.1'}".`;
    issues.push(specIssue('SPEC_NUMBER_INVALID', fieldPath, message, remedy));
  } else if (type === 'int' && !Number.isSafeInteger(value)) {
    issues.push(notCountable(field, text, Number.isInteger(value), fieldPath));
    return undefined;
  }
  return value;
}

/** The number that was meant, where it is written with blanks, a decimal comma or separated thousands. */
function plainNumber(text: string): string | undefined {
  const plain = text.trim().replaceAll('_', '').replace(',', '.');
  return parseDecimal(plain) === undefined ? undefined : plain;
}

function notCountable(field: string, text: string, isWhole: boolean, path: SpecPath): SpecIssue {
  const why = isWhole ? 'counts up to 2^53 only' : 'takes whole numbers';
  const message = `${field} is ${quoted(text)}, but a parameter of type int ${why}.`;
  const remedy = `Write a ${isWhole ? 'smaller' : 'whole'} number, or make the parameterType double.`;
  return specIssue('SPEC_NUMBER_NOT_WHOLE', path, message, remedy);
}

/** One whole number is a range that published experiments use for a constant; one double is taken for a mistake. */
function checkOrder(
  type: NumericType,
  { min, max }: Range,
  space: FeasibleSpace,
  path: SpecPath,
  issues: SpecIssue[],
): void {
  const refuse = (how: string, remedy: string): void => {
    const message = `min is ${quoted(space.min ?? '')}, which is ${how} max, ${quoted(space.max ?? '')}.`;
    issues.push(specIssue('SPEC_MIN_NOT_BELOW_MAX', [...path, 'min'], message, remedy));
  };
  if (min > max) refuse('above', 'Exchange the two.');
  else if (min === max && type === 'double') {
    refuse('equal to', 'Widen the range, or write the constant into the trial template.');
  } else if (!Number.isFinite(max - min)) {
    const message = `The range from ${space.min ?? ''} to ${space.max ?? ''} is wider than a number can say.`;
    issues.push(specIssue('SPEC_NUMBER_INVALID', path, message, 'Choose a narrower range.'));
  }
}

function checkStep(
  { min, max, step }: Range,
  space: FeasibleSpace,
  path: SpecPath,
  issues: SpecIssue[],
): void {
  if (step === null || min > max) return;
  const refuse = (what: string, remedy: string): void => {
    const message = `step is ${quoted(space.step ?? '')}, ${what}.`;
    issues.push(specIssue('SPEC_STEP_INVALID', [...path, 'step'], message, remedy));
  };
  const width = max - min;
  // Differences of doubles are off by some units of the last place: 0.3 - 0.1 is below 0.2.
  if (step <= 0) refuse('which is not above zero', 'Write a positive number, or remove it.');
  else if (width > 0 && step > width * (1 + 1e-9)) {
    refuse(
      `which is larger than the range from ${space.min ?? ''} to ${space.max ?? ''}`,
      'Write a smaller one.',
    );
  } else if (width / step > Number.MAX_SAFE_INTEGER || decimalsOf(space.step ?? '') > MAX_DECIMALS) {
    refuse('which is too fine to count the values', 'Write a larger one, or remove it.');
  }
}

function checkLogarithmic(
  type: NumericType,
  { min, max }: Range,
  space: FeasibleSpace,
  path: SpecPath,
  issues: SpecIssue[],
): void {
  const { distribution } = space;
  if (distribution !== 'logUniform' && distribution !== 'logNormal') return;
  if (min > max || (type === 'int' ? min >= 1 : min > 0)) return;
  const needed = type === 'int' ? 'of at least 1' : 'above zero';
  const message = `min is ${quoted(space.min ?? '')}, but the distribution ${distribution} needs a min ${needed}.`;
  const remedy = 'Raise min, or choose the distribution uniform or normal.';
  issues.push(specIssue('SPEC_LOG_RANGE', [...path, 'min'], message, remedy));
}
