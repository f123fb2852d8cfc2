import type { DoubleParameter, IntParameter, Parameter } from '../core/search-space.ts';

/*
 * Parameters as numbered values: every parameter but a continuous double takes finitely many values, numbered from 0 in
 * ascending order (categories in the order of their list).
 */

/** A fraction of a step that is taken for a rounding error. */
const TOLERANCE = 1e-9;
/** With more values than this, neighbours cannot be told apart reliably in double arithmetic. */
const MOST_LEVELS = Number.MAX_SAFE_INTEGER;

/** How many values the parameter takes; Infinity for a continuous double. */
export function levelCount(parameter: Parameter): number {
  switch (parameter.kind) {
    case 'categorical':
      return parameter.choices.length;
    case 'discrete':
      return parameter.values.length;
    case 'int':
    case 'double':
      return numericLevelCount(parameter);
  }
}

function numericLevelCount({ min, max, step }: IntParameter | DoubleParameter): number {
  if (min === max) return 1;
  if (step === null) return Infinity;
  const count = Math.floor((max - min) / step + TOLERANCE) + 1;
  return count <= MOST_LEVELS ? count : Infinity;
}

/** The value number `level`, from 0 to `levelCount - 1`. Exact decimals: never 0.30000000000000004. */
export function levelValue(parameter: Parameter, level: number): number {
  switch (parameter.kind) {
    case 'categorical':
      return level;
    case 'discrete':
      return parameter.values[level] ?? Number.NaN;
    case 'int':
      return parameter.min + level * parameter.step;
    case 'double':
      if (level === 0) return parameter.min;
      return roundedTo(parameter.min + level * (parameter.step ?? 0), parameter);
  }
}

/** Rounds to the parameter's decimals and keeps the result inside its range. */
function roundedTo(value: number, { decimals, min, max }: DoubleParameter): number {
  // Adding 0 turns -0 into 0.
  const rounded = Number(value.toFixed(Math.min(decimals, 100))) + 0;
  return Math.min(max, Math.max(min, rounded));
}

/** The number of a value; undefined where the parameter does not take it, or is continuous. */
export function levelOf(parameter: Parameter, value: number): number | undefined {
  const count = levelCount(parameter);
  if (count === Infinity) return undefined;
  const level = nearestLevel(parameter, value);
  const taken = level >= 0 && level < count && isClose(parameter, levelValue(parameter, level), value);
  return taken ? level : undefined;
}

function nearestLevel(parameter: Parameter, value: number): number {
  switch (parameter.kind) {
    case 'categorical':
      return value;
    case 'discrete':
      return parameter.values.indexOf(value);
    case 'int':
    case 'double':
      return Math.round((value - parameter.min) / (parameter.step ?? 1));
  }
}

function isClose(parameter: Parameter, levelAt: number, value: number): boolean {
  if (parameter.kind !== 'double') return levelAt === value;
  return Math.abs(levelAt - value) <= TOLERANCE * (parameter.step ?? 0) + Number.EPSILON * Math.abs(value);
}
