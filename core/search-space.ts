import type { ObjectiveType, ParameterAssignment } from './experiment.ts';

/*
 * The search space with its numbers parsed: what algorithms see. core/validation/ makes it from `spec.parameters` and
 * guarantees the invariants stated here.
 */

/**
 * Where values are dense inside [min, max]. The two normal ones are centred in the middle of the range (of its
 * logarithm for logNormal) with a sixth of its width as standard deviation, truncated to the range.
 */
export type NumericDistribution = 'uniform' | 'logUniform' | 'normal' | 'logNormal';

export interface DoubleParameter {
  kind: 'double';
  name: string;
  /** Finite, `min < max`; `min > 0` for the logarithmic distributions. */
  min: number;
  max: number;
  /** Values are min, min + step, … up to max; null means continuous. */
  step: number | null;
  /** Digits after the point that exact lattice values need; meaningful where `step` is not null. */
  decimals: number;
  distribution: NumericDistribution;
}

export interface IntParameter {
  kind: 'int';
  name: string;
  /** Safe integers, `min <= max`; `min >= 1` for the logarithmic distributions. */
  min: number;
  max: number;
  /** At least 1. */
  step: number;
  distribution: NumericDistribution;
}

export interface DiscreteParameter {
  kind: 'discrete';
  name: string;
  /** Finite, ascending, distinct; at least one. */
  values: readonly number[];
  /** The values as the user wrote them, in the order of `values`. */
  texts: readonly string[];
}

export interface CategoricalParameter {
  kind: 'categorical';
  name: string;
  /** Distinct; at least one. */
  choices: readonly string[];
}

export type Parameter = DoubleParameter | IntParameter | DiscreteParameter | CategoricalParameter;

/** What a search is asked: the space, and which way is better. */
export interface SearchProblem {
  parameters: readonly Parameter[];
  direction: ObjectiveType;
  /** Trials in all, or null where there is no limit. */
  maxTrials: number | null;
  parallelTrials: number;
  /** What the first trials take, one value for each parameter; absent or empty: the search chooses all. */
  initialTrials?: readonly Assignments[];
}

/**
 * A point of the space, one number per parameter in the order of `SearchProblem.parameters`: the value itself for
 * double, int and discrete, the index into `choices` for categorical.
 */
export type Point = Float64Array;

/** A point as text, the way Trials carry it. */
export type Assignments = readonly ParameterAssignment[];
