import { parseDecimal } from '../core/decimal.ts';
import { KatydidError } from '../core/errors.ts';
import type { ParameterAssignment } from '../core/experiment.ts';
import type { Assignments, DiscreteParameter, Parameter, Point } from '../core/search-space.ts';
import { levelCount, levelOf, levelValue } from './lattice.ts';

/*
 * Points as text, the way Trials carry them. Numbers are written as the shortest decimal that reads back as the same
 * number, discrete values as the user wrote them.
 */

/** One assignment per parameter, in the order of the parameters. */
export function formatPoint(parameters: readonly Parameter[], point: Point): ParameterAssignment[] {
  return parameters.map((parameter, axis) => ({
    name: parameter.name,
    value: formatValue(parameter, point[axis] ?? Number.NaN),
  }));
}

export function formatValue(parameter: Parameter, value: number): string {
  switch (parameter.kind) {
    case 'categorical':
      return parameter.choices[value] ?? '';
    case 'discrete':
      return parameter.texts[parameter.values.indexOf(value)] ?? String(value);
    case 'int':
    case 'double':
      return String(value);
  }
}

/**
 * The point that assignments describe, in any order; assignments of other names are ignored. KatydidError
 * `PARAMETER_INVALID` when one is missing or is not a value of its parameter.
 */
export function parsePoint(parameters: readonly Parameter[], assignments: Assignments): Point {
  const inOrder = parameters.every(({ name }, axis) => assignments[axis]?.name === name);
  const texts = inOrder ? undefined : new Map(assignments.map(({ name, value }) => [name, value]));
  return Float64Array.from(parameters, (parameter, axis) =>
    parseValue(parameter, texts ? texts.get(parameter.name) : assignments[axis]?.value),
  );
}

function parseValue(parameter: Parameter, text: string | undefined): number {
  if (text === undefined) {
    throw new KatydidError('PARAMETER_INVALID', `Parameter ${parameter.name} has no value.`, {
      remedy: describeValues(parameter),
    });
  }
  const value = valueOfText(parameter, text);
  if (value === undefined) {
    throw new KatydidError(
      'PARAMETER_INVALID',
      `Parameter ${parameter.name} does not take the value ${JSON.stringify(text)}.`,
      { remedy: describeValues(parameter) },
    );
  }
  return value;
}

function valueOfText(parameter: Parameter, text: string): number | undefined {
  if (parameter.kind === 'categorical') {
    const index = parameter.choices.indexOf(text);
    return index < 0 ? undefined : index;
  }
  if (parameter.kind === 'discrete') return discreteValue(parameter, text);
  const value = parseDecimal(text);
  if (value === undefined || value < parameter.min || value > parameter.max) return undefined;
  if (levelCount(parameter) === Infinity) {
    return parameter.kind === 'double' || Number.isInteger(value) ? value : undefined;
  }
  const level = levelOf(parameter, value);
  return level === undefined ? undefined : levelValue(parameter, level);
}

function discreteValue(parameter: DiscreteParameter, text: string): number | undefined {
  const index = parameter.texts.indexOf(text);
  const value = index >= 0 ? parameter.values[index] : parseDecimal(text);
  return value !== undefined && parameter.values.includes(value) ? value : undefined;
}

function describeValues(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'categorical':
      return `Give it one of ${listed(parameter.choices)}.`;
    case 'discrete':
      return `Give it one of ${listed(parameter.texts)}.`;
    case 'int':
    case 'double': {
      const step = parameter.step === null ? '' : ` in steps of ${parameter.step} from ${parameter.min}`;
      const number = parameter.kind === 'int' ? 'a whole number' : 'a number';
      return `Give it ${number} from ${parameter.min} to ${parameter.max}${step}.`;
    }
  }
}

const MOST_LISTED = 10;

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, MOST_LISTED).join(', ');
  return texts.length > MOST_LISTED ? `${shown}, … (${texts.length} in all)` : shown;
}
