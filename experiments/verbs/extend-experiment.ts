import { KatydidError } from '../../core/errors.ts';
import {
  desiredState,
  EXPERIMENT_REASON,
  type DesiredState,
  type ExperimentSpec,
  type StoredExperiment,
} from '../../core/experiment.ts';
import { endingCondition } from '../../controller/experiment/conditions.ts';
import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import { editExperiment } from './edit-experiment.ts';
import { howItEnded } from './sentences.ts';
import type { VerbResult } from './verb-result.ts';

/** What is to change; what is absent stays. */
export interface Extension {
  readonly maxTrials?: { readonly to: number } | { readonly by: number };
  readonly parallelTrials?: number;
  /** 0 fails the experiment at the first failure. */
  readonly maxFailedTrials?: number;
}

const LARGEST_COUNT = 2 ** 31 - 1;

/**
 * Gives an experiment more trials, or lets more of them run or fail. One that used up its trials goes on; where its
 * resumePolicy is Never, it becomes LongRunning.
 *
 * @throws KatydidError EXTENSION_EMPTY, EXTENSION_INVALID, EXPERIMENT_HAS_NO_LIMIT; ApiError Invalid where the experiment
 *   cannot have these counts, or has ended for good
 */
export async function extendExperiment(
  client: KubeClient,
  ref: ObjectRef,
  extension: Extension,
): Promise<VerbResult> {
  check(extension);
  const { before, after, changed } = await editExperiment(client, ref, (stored) =>
    extended(stored, extension),
  );
  const did = changed ? differences(before.spec, after.spec) : [];
  return { experiment: after, changed, did, left: [whatFollows(before, after, changed)] };
}

function check({ maxTrials, parallelTrials, maxFailedTrials }: Extension): void {
  const counts: [field: string, value: number | undefined, least: number][] = [
    ['maxTrials', maxTrials && ('to' in maxTrials ? maxTrials.to : maxTrials.by), 1],
    ['parallelTrials', parallelTrials, 1],
    ['maxFailedTrials', maxFailedTrials, 0],
  ];
  if (counts.every(([, value]) => value === undefined))
    throw new KatydidError('EXTENSION_EMPTY', 'The extension changes nothing.', {
      remedy: 'Give maxTrials (--max-trials), parallelTrials (--parallel) or maxFailedTrials (--max-failed).',
    });
  for (const [field, value, least] of counts) {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= LARGEST_COUNT))
      continue;
    throw new KatydidError('EXTENSION_INVALID', `${field} is ${value}.`, {
      remedy: `Give a whole number of ${least} or more.`,
    });
  }
}

function extended(stored: StoredExperiment, extension: Extension): StoredExperiment | null {
  const { maxTrials, parallelTrials, maxFailedTrials } = extension;
  const changes: Partial<ExperimentSpec> = {
    ...(maxTrials && { maxTrialCount: newLimit(stored, maxTrials) }),
    ...(parallelTrials !== undefined && { parallelTrialCount: parallelTrials }),
    ...(maxFailedTrials !== undefined && { maxFailedTrialCount: maxFailedTrials }),
  };
  const spec = { ...stored.spec, ...changes };
  if (sameCounts(stored.spec, spec)) return null;
  return {
    ...stored,
    spec: usedUp(stored) && isNever(spec) ? { ...spec, resumePolicy: 'LongRunning' } : spec,
  };
}

function newLimit(
  { metadata, spec }: StoredExperiment,
  maxTrials: NonNullable<Extension['maxTrials']>,
): number {
  if ('to' in maxTrials) return maxTrials.to;
  if (spec.maxTrialCount !== undefined) return Math.min(LARGEST_COUNT, spec.maxTrialCount + maxTrials.by);
  const message = `Experiment ${metadata.name} has no limit on trials that could be raised by ${maxTrials.by}.`;
  throw new KatydidError('EXPERIMENT_HAS_NO_LIMIT', message, { remedy: 'Give the limit itself.' });
}

function usedUp({ status }: StoredExperiment): boolean {
  return endingCondition(status?.conditions)?.reason === EXPERIMENT_REASON.maxTrialsReached;
}

function isNever({ resumePolicy }: ExperimentSpec): boolean {
  return (resumePolicy ?? 'Never') === 'Never';
}

const COUNTS = ['maxTrialCount', 'parallelTrialCount', 'maxFailedTrialCount'] as const;

function sameCounts(before: ExperimentSpec, after: ExperimentSpec): boolean {
  return COUNTS.every((field) => before[field] === after[field]);
}

function differences(before: ExperimentSpec, after: ExperimentSpec): string[] {
  return [...COUNTS, 'resumePolicy' as const]
    .filter((field) => before[field] !== after[field])
    .map((field) => `${field} is ${after[field]} now; it was ${before[field] ?? 'not set'}.`);
}

/** What follows from new counts for an experiment that has not ended, by what is asked of it. */
const GOING_ON: Record<DesiredState, string> = {
  Running: 'It goes on with the new counts.',
  Paused: 'It is paused; when it is resumed, it goes on with the new counts.',
  Stopped: 'It is being stopped; resume it to go on.',
  Cancelled: 'It is being stopped; resume it to go on.',
};

function whatFollows(before: StoredExperiment, after: StoredExperiment, changed: boolean): string {
  const ended = howItEnded(before);
  if (!changed) return ended ?? 'Its counts were so already.';
  if (ended === null) return GOING_ON[desiredState(after.spec)];
  const { maxTrialCount } = after.spec;
  const hasRoom = maxTrialCount === undefined || maxTrialCount > (before.status?.trials ?? 0);
  return usedUp(before) && hasRoom ? 'It takes up work again.' : `${ended} Resume it to go on.`;
}
