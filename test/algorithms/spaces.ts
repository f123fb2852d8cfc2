import fc from 'fast-check';
import { TrialHistory, type HistoryState } from '../../algorithms/trial-history.ts';
import type {
  CategoricalParameter,
  DiscreteParameter,
  DoubleParameter,
  IntParameter,
  NumericDistribution,
  Parameter,
  Point,
  SearchProblem,
} from '../../core/search-space.ts';

export function double(min: number, max: number, more: Partial<DoubleParameter> = {}): DoubleParameter {
  return { kind: 'double', name: 'x', min, max, step: null, decimals: 0, distribution: 'uniform', ...more };
}

export function int(min: number, max: number, more: Partial<IntParameter> = {}): IntParameter {
  return { kind: 'int', name: 'n', min, max, step: 1, distribution: 'uniform', ...more };
}

export function discrete(...texts: string[]): DiscreteParameter {
  return { kind: 'discrete', name: 'd', values: texts.map(Number), texts };
}

export function categorical(...choices: string[]): CategoricalParameter {
  return { kind: 'categorical', name: 'c', choices };
}

/** A problem over the parameters, which are renamed p0, p1, … */
export function problemOf(...parameters: Parameter[]): SearchProblem {
  return {
    parameters: parameters.map((parameter, axis) => ({ ...parameter, name: `p${axis}` })),
    direction: 'minimize',
    maxTrials: null,
    parallelTrials: 1,
  };
}

export function historyOf(dimensions: number, points: readonly Point[]): TrialHistory {
  const history = new TrialHistory(dimensions);
  for (const point of points) history.add(point);
  return history;
}

/** Trials at one place of one dimension that came to these states and values. */
export function historyOfResults(...rows: [HistoryState, number][]): TrialHistory {
  const history = new TrialHistory(1);
  for (const [state, value] of rows) history.set(history.add(Float64Array.of(0.5)), state, value);
  return history;
}

/** Whether the parameter takes the value: in range, on the lattice, and in its shortest decimal form. */
export function isFeasible(parameter: Parameter, value: number): boolean {
  switch (parameter.kind) {
    case 'categorical':
      return Number.isInteger(value) && value >= 0 && value < parameter.choices.length;
    case 'discrete':
      return parameter.values.includes(value);
    case 'int': {
      const { min, max, step } = parameter;
      return Number.isInteger(value) && value >= min && value <= max && (value - min) % step === 0;
    }
    case 'double': {
      const { min, max, step, decimals } = parameter;
      if (!(value >= min && value <= max)) return false;
      if (step === null) return true;
      const steps = (value - min) / step;
      return Math.abs(steps - Math.round(steps)) < 1e-6 && Number(value.toFixed(decimals)) === value;
    }
  }
}

const DISTRIBUTIONS: readonly NumericDistribution[] = ['uniform', 'logUniform', 'normal', 'logNormal'];
const distribution = fc.constantFrom(...DISTRIBUTIONS);

const doubles = fc
  .record({
    min: fc.double({ noNaN: true, min: 1e-6, max: 1e3 }),
    width: fc.double({ noNaN: true, min: 0, max: 1e6 }),
    distribution,
  })
  .map(({ min, width, distribution }) => double(min, min + width, { distribution }));

const linearDoubles = fc
  .record({
    a: fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    b: fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
  })
  .map(({ a, b }) => double(Math.min(a, b), Math.max(a, b)));

/** Steps and ends with few decimals, the way people write them; the range need not be a multiple of the step. */
const steppedDoubles = fc
  .record({
    decimals: fc.integer({ min: 0, max: 6 }),
    min: fc.integer({ min: 1, max: 5000 }),
    step: fc.integer({ min: 1, max: 300 }),
    width: fc.integer({ min: 0, max: 20_000 }),
    distribution,
  })
  .map(({ decimals, min, step, width, distribution }) => {
    const scaled = (units: number): number => Number((units / 10 ** decimals).toFixed(decimals));
    const more = { step: scaled(step), decimals, distribution };
    return double(scaled(min), scaled(min + width), more);
  });

const ints = fc
  .record({
    min: fc.integer({ min: 1, max: 1000 }),
    width: fc.integer({ min: 0, max: 5000 }),
    step: fc.integer({ min: 1, max: 60 }),
    distribution,
  })
  .map(({ min, width, step, distribution }) => int(min, min + width, { step, distribution }));

const lists = fc
  .uniqueArray(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 8 })
  .map((values) => discrete(...values.sort((a, b) => a - b).map(String)));

const categories = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  .map((choices) => categorical(...choices));

/** Parameters of every type, distribution and step. */
export const anyParameter: fc.Arbitrary<Parameter> = fc.oneof(
  doubles,
  linearDoubles,
  steppedDoubles,
  ints,
  lists,
  categories,
);

/** Problems of one to five parameters. */
export const anyProblem: fc.Arbitrary<SearchProblem> = fc
  .array(anyParameter, { minLength: 1, maxLength: 5 })
  .map((parameters) => problemOf(...parameters));

/** Parameters with a handful of values. */
const smallParameter: fc.Arbitrary<Parameter> = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map((width) => int(3, 3 + width)),
  fc.integer({ min: 0, max: 4 }).map((steps) => double(0.1, 0.1 + steps * 0.1, { step: 0.1, decimals: 1 })),
  fc.integer({ min: 1, max: 4 }).map((count) => categorical(...['a', 'b', 'c', 'd'].slice(0, count))),
  fc.integer({ min: 1, max: 3 }).map((count) => discrete(...['1', '2.5', '30'].slice(0, count))),
);

/** Problems with at most 625 points. */
export const anySmallProblem: fc.Arbitrary<SearchProblem> = fc
  .array(smallParameter, { minLength: 1, maxLength: 4 })
  .map((parameters) => problemOf(...parameters));
