import type { Clock } from '../../core/clock.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import { TRIAL_LABEL } from '../../core/labels.ts';
import type { Pod, StoredPod } from '../../core/pod.ts';
import type { StoredTrial, Trial } from '../../core/trial.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';

/** What the trial controller works with. */
export interface TrialContext {
  client: KubeClient;
  trials: ObjectCache<Trial>;
  /** One cache per kind of job that is served. */
  jobs: readonly ObjectCache<KubeObject>[];
  /** The pods of all trials, with the index of `podIndexes`. */
  pods: ObjectCache<Pod>;
  observations: ObservationStore;
  events: EventRecorder;
  clock: Clock;
}

const TRIAL_INDEX = 'trial';

export const podIndexes = {
  [TRIAL_INDEX]: ({ metadata }: StoredPod): readonly string[] => {
    const trial = metadata.labels?.[TRIAL_LABEL];
    return trial === undefined ? [] : [`${metadata.namespace ?? ''}/${trial}`];
  },
};

export function podsOf({ pods }: TrialContext, { metadata }: StoredTrial): StoredPod[] {
  return pods.byIndex(TRIAL_INDEX, `${metadata.namespace ?? ''}/${metadata.name}`);
}

/** The cache of the kind of job that the trial runs, or undefined where that kind is not served. */
export function jobCacheOf(
  { jobs }: TrialContext,
  { spec }: StoredTrial,
): ObjectCache<KubeObject> | undefined {
  const { apiVersion, kind } = spec.runSpec ?? {};
  return jobs.find(({ resource }) => resource.apiVersion === apiVersion && resource.kind === kind);
}

/** Names a trial, and its job too: they have the same name. */
export function refOf({ metadata }: StoredTrial): ObjectRef {
  return { namespace: metadata.namespace, name: metadata.name };
}

/** Tells of something that happened to the trial: as an Event for now, and in the store for later. */
export async function tell(
  { events, observations, clock }: TrialContext,
  trial: StoredTrial,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): Promise<void> {
  events.record(trial, type, reason, message);
  await observations.recordEvent({
    trialUid: trial.metadata.uid,
    timeMs: clock.now(),
    type,
    reason,
    message,
  });
}
