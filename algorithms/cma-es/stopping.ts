import type { Distribution } from './distribution.ts';
import { hasResult, type Merit } from './ranking.ts';
import type { CmaSpace } from './space.ts';
import type { StrategyParameters } from './strategy-parameters.ts';

/** A continuous axis whose standard deviation is less than this share of its range is searched to the end. */
const NARROW = 1e-5;
/** Best values that differ by less than this share of all values seen are equal. */
const FLAT = 1e-6;
/** Numbers lose their meaning beyond this ratio of the axes' variances. */
const MOST_CONDITION = 1e14;

/** The course of a run, as far as it decides about the end. */
export interface Progress {
  /** The best value of each of the last generations, oldest first. */
  readonly best: readonly number[];
  /** The least and the greatest finite value of the run. */
  readonly least: number;
  readonly greatest: number;
}

export const NO_PROGRESS: Progress = { best: [], least: Infinity, greatest: -Infinity };

/** The generations over which a run must get better: 10 + ⌈30 n/λ⌉. */
function horizon({ dimensions, populationSize }: StrategyParameters): number {
  return 10 + Math.ceil((30 * dimensions) / populationSize);
}

/** The progress after a generation of these merits, best first. */
export function advancedProgress(
  { best, least, greatest }: Progress,
  merits: readonly Merit[],
  parameters: StrategyParameters,
): Progress {
  const values = merits.flatMap((merit) =>
    hasResult(merit) && Number.isFinite(merit.value) ? [merit.value] : [],
  );
  if (values.length === 0) return { best, least, greatest };
  return {
    best: [...best, values[0] as number].slice(-horizon(parameters)),
    least: Math.min(least, ...values),
    greatest: Math.max(greatest, ...values),
  };
}

/**
 * Whether a run has nothing more to find: its best values are the same for many generations, all its continuous axes are narrow, or its matrix has become
 * singular. N. Hansen, "The CMA evolution strategy: a tutorial" (2016), appendix B.3, with bounds as tuning needs them.
 */
export function isOver(
  space: CmaSpace,
  { gaussian }: Distribution,
  progress: Progress,
  parameters: StrategyParameters,
): boolean {
  return (
    isFlat(progress, parameters) ||
    isNarrow(space, gaussian) ||
    gaussian.covariance.condition > MOST_CONDITION
  );
}

function isFlat({ best, least, greatest }: Progress, parameters: StrategyParameters): boolean {
  return (
    best.length >= horizon(parameters) && Math.max(...best) - Math.min(...best) <= FLAT * (greatest - least)
  );
}

function isNarrow(
  { lines }: CmaSpace,
  { sigma, covariance, covariancePath }: Distribution['gaussian'],
): boolean {
  const continuous = lines.flatMap(({ isLattice }, at) => (isLattice ? [] : [at]));
  return (
    continuous.length > 0 &&
    continuous.every(
      (at) =>
        sigma * Math.sqrt(covariance.variances[at] as number) < NARROW &&
        sigma * Math.abs(covariancePath[at] as number) < NARROW,
    )
  );
}
