import { expect, it } from 'vitest';
import { stopTrial } from '../../../controller/early-stopping/stop-trial.ts';
import { podIndexes, type TrialContext } from '../../../controller/trial/context.ts';
import type { Condition, KubeObject, Stored } from '../../../core/kubernetes-object.ts';
import { TRIAL_LABEL } from '../../../core/labels.ts';
import type { PodStatus, StoredPod } from '../../../core/pod.ts';
import type { StoredTrial } from '../../../core/trial.ts';
import { JOBS, PODS, TRIALS } from '../../../kube/resource.ts';
import { staticCache } from '../../support/experiment-static-cache.ts';
import { condition, NOW, NOW_MS, trial } from '../../support/experiment-objects.ts';

const DECISION = {
  stop: true,
  rule: 'threshold',
  step: 3,
  value: NaN,
  threshold: null,
  peers: 0,
  reason: 'loss is not a number.',
} as const;

const META = { namespace: 'default', resourceVersion: '1', creationTimestamp: NOW };

function jobOf(owner: StoredTrial, ...conditions: Condition[]): Stored<KubeObject> & { status: object } {
  const { name, uid } = owner.metadata;
  const ownerReferences = [
    { apiVersion: 'kubeflow.org/v1beta1', kind: 'Trial', name, uid, controller: true },
  ];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { ...META, name, uid: 'uid-job', ownerReferences },
    status: { conditions },
  };
}

function podOf({ metadata }: StoredTrial, status: PodStatus): StoredPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...META, name: 'pod', uid: 'uid-pod', labels: { [TRIAL_LABEL]: metadata.name } },
    spec: { containers: [{ name: 'training' }] },
    status,
  };
}

/** What was written of the trial; undefined where nothing was. */
async function written(own: StoredTrial, jobs: Stored<KubeObject>[], pods: StoredPod[]): Promise<unknown> {
  const writes: { status?: unknown }[] = [];
  const context = {
    client: {
      updateStatus(_: unknown, object: { status?: unknown }) {
        writes.push(object);
        return Promise.resolve(object);
      },
    },
    trials: staticCache(TRIALS, [own]),
    jobs: [staticCache<KubeObject>(JOBS, jobs)],
    pods: staticCache(PODS, pods, podIndexes),
    observations: { summaries: () => Promise.resolve([]), recordEvent: () => Promise.resolve() },
    events: { record: () => undefined },
    clock: { now: () => NOW_MS },
  } as unknown as TrialContext;
  expect(await stopTrial(context, own, DECISION)).toBe(writes.length === 1);
  return writes[0]?.status;
}

const conditions = { successCondition: 'status.conditions.#(type=="Complete")#' };
const running = trial({ index: 0, state: 'Running', spec: conditions });
const over = {
  containerStatuses: [{ name: 'training', restartCount: 0, state: { terminated: { exitCode: 0 } } }],
};
const underWay = { containerStatuses: [{ name: 'training', restartCount: 0, state: { running: {} } }] };

it('writes record and condition at once; what is no number is text or absent', async () => {
  expect(await written(running, [jobOf(running)], [podOf(running, underWay)])).toMatchObject({
    earlyStopping: { rule: 'threshold', metric: 'loss', step: 3, value: 'NaN', peers: 0, time: NOW },
    conditions: expect.arrayContaining([expect.objectContaining({ type: 'EarlyStopped' })]) as unknown,
    observation: { metrics: [{ name: 'loss', latest: 'unavailable' }] },
  });
  const status = (await written(running, [jobOf(running)], [])) as { earlyStopping: object };
  expect(status.earlyStopping).not.toHaveProperty('threshold');
});

it.each<[string, StoredTrial, Stored<KubeObject>[], StoredPod[]]>([
  ['has succeeded', trial({ index: 0, state: 'Succeeded', spec: conditions }), [], []],
  ['was stopped before', trial({ index: 0, state: 'EarlyStopped', spec: conditions }), [jobOf(running)], []],
  ['is being deleted', trial({ index: 0, state: 'Running', meta: { deletionTimestamp: NOW } }), [], []],
  ['has a job that has ended', running, [jobOf(running, condition('Complete'))], []],
  ['has trained to its end', running, [jobOf(running)], [podOf(running, over)]],
  ['has a pod that has ended', running, [jobOf(running)], [podOf(running, { phase: 'Succeeded' })]],
])('does nothing to a trial that %s', async (_, own, jobs, pods) =>
  expect(await written(own, jobs, pods)).toBeUndefined(),
);
