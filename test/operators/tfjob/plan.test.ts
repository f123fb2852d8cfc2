import { describe, expect, test } from 'vitest';
import type { Stored, KubeObject } from '../../../core/kubernetes-object.ts';
import type { Pod } from '../../../core/pod.ts';
import { planReplicas } from '../../../operators/tfjob/plan.ts';
import { replicaPod, replicaService, type ReplicaContext } from '../../../operators/tfjob/replica-objects.ts';
import type { PodsWanted } from '../../../operators/training-job/status.ts';
import type { ReplicaPod } from '../../../operators/tfjob/types.ts';
import { replica, type ReplicaManifests, replicasOf, specOf, storedJob } from './fixtures.ts';

function contextOf(
  replicas: ReplicaManifests,
  options: Parameters<typeof storedJob>[1] = {},
): ReplicaContext {
  const job = storedJob(replicas, options);
  return { job, spec: specOf(job), recreations: {}, clusterDomain: undefined };
}

function podOf(context: ReplicaContext, place = 0, index = 0): Pod {
  const group = context.spec.groups[place];
  if (!group) throw new Error(`no group ${place}`);
  return replicaPod(context, group, index);
}

/** A service as it would be stored for each of the pods. */
function servicesFor(pods: readonly ReplicaPod[]): Stored<KubeObject>[] {
  return pods.map(({ pod }) => ({ apiVersion: 'v1', kind: 'Service', metadata: pod.metadata }));
}

interface Names {
  deleted: string[];
  created: string[];
}

function planFor(
  context: ReplicaContext,
  wanted: PodsWanted,
  pods: readonly ReplicaPod[],
  options: { stopProcessesAtEnd?: boolean; services?: Stored<KubeObject>[] } = {},
): Names {
  const { stopProcessesAtEnd = false, services = servicesFor(pods) } = options;
  const plan = planReplicas({ ...context, wanted, pods, services, stopProcessesAtEnd });
  const names = (list: { resource: { kind: string }; object: KubeObject }[]): string[] =>
    list.map(({ resource, object }) => `${resource.kind} ${object.metadata.name ?? ''}`).sort();
  return { deleted: names([...plan.deletions]), created: names([...plan.creations]) };
}

const RUN: PodsWanted = { mode: 'run', replace: [] };
const FOUR_TWO = { Worker: { replicas: 4 }, PS: { replicas: 2 } };

describe('a running job', () => {
  test('gets a pod and a service per replica', () => {
    const { created, deleted } = planFor(contextOf({ Worker: { replicas: 2 }, PS: {} }), RUN, []);
    expect(created).toEqual([
      'Pod job-ps-0',
      'Pod job-worker-0',
      'Pod job-worker-1',
      'Service job-ps-0',
      'Service job-worker-0',
      'Service job-worker-1',
    ]);
    expect(deleted).toEqual([]);
  });

  test.each([
    ['nothing', [], 12],
    ['one of each', [replica('Worker', 0, { phase: 'Pending' }), replica('PS', 1, { phase: 'Running' })], 8],
    ['everything', [...pending('Worker', 4), ...pending('PS', 2)], 0],
  ])('gets only what is missing beside %s', (_name, pods, count) => {
    expect(planFor(contextOf(FOUR_TWO), RUN, pods).created).toHaveLength(count);
  });

  test('loses what is too many, with its service, and types that it no longer has', () => {
    const pods = [...pending('Worker', 3), ...pending('PS', 1)];
    expect(planFor(contextOf({ Worker: { replicas: 2 } }), RUN, pods)).toEqual({
      created: [],
      deleted: ['Pod job-ps-0', 'Pod job-worker-2', 'Service job-ps-0', 'Service job-worker-2'],
    });
  });

  test('loses pods that are to be replaced, but not their services or their successors yet', () => {
    const failed = replica('Worker', 0, { phase: 'Failed', exitCode: 137 });
    const plan = planFor(contextOf({ Worker: {} }), { mode: 'run', replace: [failed] }, [failed]);
    expect(plan).toEqual({ created: [], deleted: ['Pod job-worker-0'] });
  });

  test('does not delete again what is on its way out', () => {
    const going = replica('Worker', 0, { phase: 'Failed', isBeingDeleted: true });
    expect(planFor(contextOf({ Worker: {} }), { mode: 'run', replace: [going] }, [going])).toEqual({
      created: [],
      deleted: [],
    });
  });
});

test('a suspended job loses everything, finished pods too', () => {
  const pods = [replica('Worker', 0, { phase: 'Succeeded' }), replica('Worker', 1, { phase: 'Running' })];
  const { deleted } = planFor(contextOf({ Worker: { replicas: 2 } }), { mode: 'none' }, pods);
  expect(deleted).toHaveLength(4);
});

describe('a job that has ended', () => {
  const running = [
    ...replicasOf('Worker', { failed: 0, succeeded: 0, active: 4 }),
    ...replicasOf('PS', { failed: 0, succeeded: 0, active: 2 }),
  ];
  const succeeded = [
    ...replicasOf('Worker', { failed: 0, succeeded: 4, active: 0 }),
    ...replicasOf('PS', { failed: 0, succeeded: 2, active: 0 }),
  ];
  const mixed = [replica('Worker', 0, { phase: 'Succeeded' }), replica('Worker', 1, { phase: 'Pending' })];

  test.each([
    // On a cluster: the Training Operator's rules.
    { policy: 'All', stopAll: false, name: 'running', pods: running, left: 0 },
    { policy: 'Running', stopAll: false, name: 'running', pods: running, left: 0 },
    { policy: 'Running', stopAll: false, name: 'succeeded', pods: succeeded, left: 6 },
    { policy: 'Running', stopAll: false, name: 'mixed', pods: mixed, left: 1 },
    { policy: 'None', stopAll: false, name: 'running', pods: running, left: 6 },
    { policy: 'None', stopAll: false, name: 'succeeded', pods: succeeded, left: 6 },
    // On one computer: nothing goes on running.
    { policy: 'None', stopAll: true, name: 'running', pods: running, left: 0 },
    { policy: 'None', stopAll: true, name: 'succeeded', pods: succeeded, left: 6 },
    { policy: 'None', stopAll: true, name: 'mixed', pods: mixed, left: 1 },
    { policy: 'Running', stopAll: true, name: 'mixed', pods: mixed, left: 1 },
    { policy: 'All', stopAll: true, name: 'succeeded', pods: succeeded, left: 0 },
  ])('$policy with $name pods, stopping all $stopAll: $left stay', ({ policy, stopAll, pods, left }) => {
    const context = contextOf(FOUR_TWO, { spec: { runPolicy: { cleanPodPolicy: policy } } });
    const { deleted, created } = planFor(context, { mode: 'ended' }, pods, { stopProcessesAtEnd: stopAll });
    const count = (kind: string): number => deleted.filter((entry) => entry.startsWith(kind)).length;
    expect(pods.length - count('Pod')).toBe(left);
    expect(pods.length - count('Service')).toBe(left);
    expect(created).toEqual([]);
  });

  test('loses services whose pods went before', () => {
    const context = contextOf({ Worker: {} });
    const services = servicesFor([replica('Worker', 0, { phase: 'Running' })]);
    const { deleted } = planFor(context, { mode: 'ended' }, [], { stopProcessesAtEnd: true, services });
    expect(deleted).toEqual(['Service job-worker-0']);
  });
});

describe('the pod of a replica', () => {
  test('has the labels and annotations of its template, overlaid with its own', () => {
    const metadata = {
      labels: { mine: 'yes', 'training.kubeflow.org/job-name': 'wrong' },
      annotations: { note: 'kept' },
    };
    const template = { metadata, spec: { containers: [{ name: 'tensorflow', image: 'i' }] } };
    const pod = podOf(contextOf({ Worker: { template } }));
    expect(pod.metadata).toMatchObject({
      name: 'job-worker-0',
      namespace: 'ns',
      annotations: { note: 'kept' },
      labels: {
        mine: 'yes',
        'training.kubeflow.org/operator-name': 'tfjob-controller',
        'training.kubeflow.org/job-name': 'job',
        'training.kubeflow.org/replica-type': 'worker',
        'training.kubeflow.org/replica-index': '0',
        'training.kubeflow.org/job-role': 'master',
      },
    });
  });

  test.each<[ReplicaManifests, string[]]>([
    [{ Worker: { replicas: 2 }, PS: {} }, ['job-worker-0']],
    [{ Worker: { replicas: 2 }, Chief: {} }, ['job-chief-0']],
    [{ Worker: {}, Master: {} }, ['job-master-0']],
    [{ PS: {} }, []],
  ])('of %j has the master role in %j only', (replicas, masters) => {
    const context = contextOf(replicas);
    const pods = context.spec.groups.flatMap((group) =>
      Array.from({ length: group.replicas }, (_, index) => replicaPod(context, group, index)),
    );
    const found = pods.filter(
      ({ metadata }) => metadata.labels?.['training.kubeflow.org/job-role'] === 'master',
    );
    expect(found.map(({ metadata }) => metadata.name)).toEqual(masters);
  });

  test.each([
    ['ExitCode', 'Never'],
    ['Never', 'Never'],
    ['Always', 'Always'],
    ['OnFailure', 'OnFailure'],
  ])('under %s restarts by %s', (restartPolicy, expected) => {
    expect(podOf(contextOf({ Worker: { restartPolicy } })).spec.restartPolicy).toBe(expected);
  });

  test('gets TF_CONFIG last, in the training container only', () => {
    const containers = [
      { name: 'tensorflow', image: 'i', env: [{ name: 'TF_CONFIG', value: 'mine' }] },
      { name: 'sidecar', image: 'i' },
    ];
    const context = contextOf({ Worker: { template: { spec: { containers } }, replicas: 2 } });
    const { spec } = podOf(context);
    expect(spec.containers[0]?.env?.map(({ name }) => name)).toEqual(['TF_CONFIG', 'TF_CONFIG']);
    expect(spec.containers[0]?.env?.[1]?.value).toContain('"cluster"');
    expect(spec.containers[1]?.env).toBeUndefined();
  });

  test('of an old job has TF_CONFIG in every container', () => {
    const containers = [
      { name: 'tensorflow', image: 'i' },
      { name: 'sidecar', image: 'i' },
    ];
    const options = { apiVersion: 'kubeflow.org/v1beta2' };
    const { spec } = podOf(contextOf({ Worker: { template: { spec: { containers } } } }, options));
    expect(spec.containers.map(({ env }) => env?.length)).toEqual([1, 1]);
  });

  test('has everything else of its template as it is', () => {
    const spec = {
      containers: [{ name: 'tensorflow', image: 'i', command: ['x'], resources: { limits: { cpu: 2 } } }],
      initContainers: [{ name: 'setup', image: 'i', restartPolicy: 'Always' }],
      nodeSelector: { disk: 'fast' },
    };
    const pod = podOf(contextOf({ Worker: { template: { spec } } }));
    expect(pod.spec).toMatchObject(spec);
  });
});

test('the service of a replica names every port of the training container once', () => {
  const ports = [{ containerPort: 8080 }, { name: 'tf', containerPort: 2222 }];
  const template = { spec: { containers: [{ name: 'tensorflow', image: 'i', ports }] } };
  const context = contextOf({ Worker: { template } });
  const [group] = context.spec.groups;
  if (!group) throw new Error('no group');
  expect(replicaService(context, group, 0).spec.ports).toEqual([
    { name: 'port-8080', port: 8080 },
    { name: 'tf', port: 2222 },
  ]);
});

function pending(type: ReplicaPod['type'], count: number): ReplicaPod[] {
  return Array.from({ length: count }, (_, index) => replica(type, index, { phase: 'Pending' }));
}
