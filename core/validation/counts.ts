import type { ExperimentSpec } from '../experiment.ts';
import { type Issues, specIssue } from './issue.ts';

export type TrialCounts = Pick<ExperimentSpec, CountField>;
type CountField = 'parallelTrialCount' | 'maxTrialCount' | 'maxFailedTrialCount';

/** More failures than trials may be allowed: published experiments do, and it does no harm. */
export function* checkCounts(counts: TrialCounts): Issues {
  yield* checkLowerBound(counts, 'parallelTrialCount', 1);
  yield* checkLowerBound(counts, 'maxTrialCount', 1);
  yield* checkLowerBound(counts, 'maxFailedTrialCount', 0);
  yield* checkParallel(counts);
}

function* checkLowerBound(counts: TrialCounts, field: CountField, least: number): Issues {
  const value = counts[field];
  if (value === undefined || value >= least) return;
  const message = `${field} is ${value}, but at least ${least} makes sense.`;
  yield specIssue('SPEC_COUNT_INVALID', ['spec', field], message, `Write ${least} or more, or remove it.`);
}

function* checkParallel({ parallelTrialCount: parallel, maxTrialCount: all }: TrialCounts): Issues {
  if (parallel === undefined || all === undefined || all < 1 || parallel <= all) return;
  const message = `parallelTrialCount is ${parallel}, which is more than maxTrialCount, ${all}.`;
  const remedy = `Write ${all} or less, or raise maxTrialCount.`;
  yield specIssue('SPEC_COUNT_INVALID', ['spec', 'parallelTrialCount'], message, remedy);
}
