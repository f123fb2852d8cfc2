import { type Clock, systemClock } from '../../core/clock.ts';
import { KatydidError } from '../../core/errors.ts';
import {
  desiredState,
  EXPERIMENT_REASON,
  type DesiredState,
  type StoredExperiment,
} from '../../core/experiment.ts';
import { RESUMED_AT_ANNOTATION } from '../../core/labels.ts';
import { parseTime } from '../../core/time.ts';
import { endingCondition } from '../../controller/experiment/conditions.ts';
import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import { editExperiment } from './edit-experiment.ts';
import { activeTrials, howItEnded, trials, whatRunsGoesOn } from './sentences.ts';
import type { VerbResult } from './verb-result.ts';

export type DesiredVerb = 'pause' | 'resume' | 'stop' | 'cancel';

const WANTED: Readonly<Record<DesiredVerb, DesiredState>> = {
  pause: 'Paused',
  resume: 'Running',
  stop: 'Stopped',
  cancel: 'Cancelled',
};

/** Ends that `resume` takes back. */
const RESUMABLE: readonly (string | undefined)[] = [
  EXPERIMENT_REASON.stopped,
  EXPERIMENT_REASON.cancelled,
  EXPERIMENT_REASON.trialsFailAlike,
];

/**
 * `pause`: no trial starts until it is resumed. `stop`: the same, and the experiment ends with its last trial. `cancel`:
 * running trials are killed and the experiment ends. `resume` takes back each of them, and an end by like failures.
 *
 * @throws KatydidError EXPERIMENT_HAS_ENDED, where there is nothing to pause or resume; ApiError
 */
export async function changeDesiredState(
  client: KubeClient,
  ref: ObjectRef,
  verb: DesiredVerb,
  clock: Clock = systemClock,
): Promise<VerbResult> {
  const edit = verb === 'resume' ? resumed(clock) : wanting(verb);
  const { before, after, changed } = await editExperiment(client, ref, edit);
  return { experiment: after, changed, ...describe(verb, before, changed) };
}

function wanting(verb: Exclude<DesiredVerb, 'resume'>) {
  return (stored: StoredExperiment): StoredExperiment | null => {
    const ended = howItEnded(stored);
    if (ended !== null && verb === 'pause') throw hasEnded(stored, ended, 'Nothing is left to pause.');
    if (ended !== null || desiredState(stored.spec) === WANTED[verb]) return null;
    return { ...stored, spec: { ...stored.spec, desiredState: WANTED[verb] } };
  };
}

function resumed(clock: Clock) {
  return (stored: StoredExperiment): StoredExperiment | null => {
    const ending = endingCondition(stored.status?.conditions);
    if (ending && !RESUMABLE.includes(ending.reason))
      throw hasEnded(stored, howItEnded(stored) ?? '', afterTheEnd(ending.reason));
    if (!ending && desiredState(stored.spec) === 'Running') return null;
    const { metadata, spec } = stored;
    // Not before the end that it undoes, where the clock was set back since.
    const endedMs = parseTime(ending?.lastTransitionTime ?? '') || 0;
    const resumedAt = { [RESUMED_AT_ANNOTATION]: new Date(Math.max(endedMs, clock.now())).toISOString() };
    return {
      ...stored,
      metadata: ending ? { ...metadata, annotations: { ...metadata.annotations, ...resumedAt } } : metadata,
      spec: { ...spec, desiredState: 'Running' },
    };
  };
}

function hasEnded({ metadata }: StoredExperiment, how: string, remedy: string): KatydidError {
  return new KatydidError(
    'EXPERIMENT_HAS_ENDED',
    `Experiment ${metadata.name} cannot be changed so. ${how}`,
    {
      remedy,
    },
  );
}

function afterTheEnd(reason: string | undefined): string {
  return reason === EXPERIMENT_REASON.maxTrialsReached
    ? 'Extend it: raise maxTrialCount.'
    : 'Give the experiment another name to run it anew.';
}

function describe(
  verb: DesiredVerb,
  before: StoredExperiment,
  changed: boolean,
): Pick<VerbResult, 'did' | 'left'> {
  if (!changed) return { did: [], left: [howItEnded(before) ?? alreadySo(verb)] };
  const active = activeTrials(before);
  switch (verb) {
    case 'pause':
      return { did: ['No trial starts until it is resumed.'], left: [whatRunsGoesOn(before)] };
    case 'stop':
      return {
        did: ['No further trial starts.'],
        left: [whatRunsGoesOn(before), 'The experiment ends with the last of them; resume takes that back.'],
      };
    case 'cancel':
      return {
        did: [
          'No further trial starts.',
          active === 0 ? 'No trial ran.' : `${trials(active)} will be killed.`,
        ],
        left: ['What finished trials found is kept; resume goes on from there.'],
      };
    case 'resume':
      return { did: ['Trials start again.'], left: active === 0 ? [] : [whatRunsGoesOn(before)] };
  }
}

function alreadySo(verb: DesiredVerb): string {
  return verb === 'resume' ? 'It runs already.' : `Its desired state is ${WANTED[verb]} already.`;
}
