import type { Parameter, Point, SearchProblem } from '../../core/search-space.ts';
import { CHECKPOINT_DIRECTORY } from '../checkpoint-setting.ts';
import { levelCount, levelValue } from '../lattice.ts';
import type { Settings, SettingSpec } from '../search-algorithm.ts';

/** What a fraction of a rung may be lost by to rounding: the logarithms of 81 and 3 have the ratio 4 here. */
const TOLERANCE = 1e-9;
const DEFAULT_ETA = 3;

const RESOURCE_NAME: SettingSpec = {
  name: 'resource_name',
  description: 'The parameter that says how long a trial trains, in epochs for example. It must be set.',
  defaultValue: null,
  check: (text) => (text === '' ? 'r_l and resource_name must be set.' : undefined),
};

const LARGEST: SettingSpec = {
  name: 'r_l',
  description:
    'The resource of the last rung; the greatest value of the resource parameter where it is absent.',
  defaultValue: null,
  check: (text) => (isPositive(text) ? undefined : 'r_l must be a positive float number.'),
};

const ETA: SettingSpec = {
  name: 'eta',
  description: 'The best 1/eta of a rung go on to the next, where each gets eta times the resource.',
  defaultValue: String(DEFAULT_ETA),
  check: (text) => (isPositive(text) && Number(text) >= 2 ? undefined : 'It must be a number of at least 2.'),
};

export const RESOURCE_SETTINGS: readonly SettingSpec[] = [RESOURCE_NAME, LARGEST, ETA, CHECKPOINT_DIRECTORY];

/** What trials at each rung get. */
export interface Resource {
  /** Place of the resource among the parameters. */
  readonly place: number;
  /** The parameter's value at each rung, ascending; at least one. */
  readonly values: readonly number[];
  readonly eta: number;
}

/**
 * The rungs: R, R/eta, R/eta² … as far down as the parameter goes, each at the nearest value that it takes. The problem must
 * have passed `unsuitableResource`.
 */
export function readResource({ parameters }: SearchProblem, settings: Settings): Resource {
  const place = parameters.findIndex(({ name }) => name === settings[RESOURCE_NAME.name]);
  const parameter = parameters[place];
  if (!parameter) throw new RangeError(`no parameter ${settings[RESOURCE_NAME.name] ?? ''}`);
  const eta = Number(settings[ETA.name] ?? DEFAULT_ETA);
  const [least, most] = rangeOf(parameter);
  const largest = Math.min(most, Number(settings[LARGEST.name] ?? most));
  const rungs = Math.floor(Math.log(largest / least) / Math.log(eta) + TOLERANCE);
  const values = Array.from({ length: rungs + 1 }, (_, rung) =>
    nearest(parameter, largest * eta ** (rung - rungs)),
  );
  return { place, values: [...new Set(values)], eta };
}

/** Sentences that say why the settings and the problem's parameters give no rungs; empty where they do. */
export function unsuitableResource({ parameters }: SearchProblem, settings: Settings): string[] {
  const name = settings[RESOURCE_NAME.name];
  if (name === undefined) return ['r_l and resource_name must be set.'];
  const parameter = parameters.find((candidate) => candidate.name === name);
  if (!parameter) return [`value of resource_name setting must be in parameters. ${name} is none.`];
  if (parameter.kind === 'categorical')
    return [`The resource ${name} must be a number, and it is categorical.`];
  const [least] = rangeOf(parameter);
  if (least <= 0) return [`The least value of the resource ${name} is ${least}, and it must be above 0.`];
  if (Number(settings[LARGEST.name] ?? Infinity) < least)
    return [`r_l is below ${least}, the least value of the resource ${name}.`];
  if (parameters.length === 1) return [`There is no parameter to search besides the resource ${name}.`];
  return [];
}

/** The other parameters: the space that is searched. */
export function withoutResource<T extends Parameter | number>(all: ArrayLike<T>, place: number): T[] {
  return Array.from(all).filter((_, at) => at !== place);
}

/** The point with the resource put into its place. */
export function withResource(configuration: Point, place: number, value: number): Point {
  return Float64Array.of(...configuration.subarray(0, place), value, ...configuration.subarray(place));
}

function rangeOf(parameter: Parameter): readonly [least: number, most: number] {
  switch (parameter.kind) {
    case 'int':
    case 'double':
      return [parameter.min, parameter.max];
    case 'discrete':
      return [parameter.values[0] ?? Number.NaN, parameter.values.at(-1) ?? Number.NaN];
    case 'categorical':
      return [Number.NaN, Number.NaN];
  }
}

function nearest(parameter: Parameter, value: number): number {
  if (parameter.kind === 'discrete') {
    const distance = (candidate: number): number => Math.abs(candidate - value);
    return parameter.values.reduce((best, candidate) =>
      distance(candidate) < distance(best) ? candidate : best,
    );
  }
  if (parameter.kind === 'categorical') return value;
  const { min, max, step } = parameter;
  const count = levelCount(parameter);
  if (count === Infinity)
    return Math.min(max, Math.max(min, parameter.kind === 'int' ? Math.round(value) : value));
  const level = Math.round((value - min) / (step ?? 1));
  return levelValue(parameter, Math.min(count - 1, Math.max(0, level)));
}

function isPositive(text: string): boolean {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return value > 0 && value < Infinity;
}
