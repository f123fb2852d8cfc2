import { describe, expect, test } from 'vitest';
import { isDistributed, tfConfig } from '../../../operators/tfjob/tf-config.ts';
import type { ReplicaType } from '../../../operators/tfjob/types.ts';
import { type ReplicaManifests, specOf, storedJob } from './fixtures.ts';

function configOf(
  replicas: ReplicaManifests,
  [type, index]: [ReplicaType, number],
  options: { domain?: string; spec?: Record<string, unknown>; apiVersion?: string } = {},
): string | null {
  const spec = specOf(storedJob(replicas, options));
  return tfConfig({ job: 'job', namespace: 'ns', spec, domain: options.domain }, type, index);
}

describe('TF_CONFIG', () => {
  test.each<[string, ReplicaManifests, string | undefined, string | null]>([
    ['of a single worker is absent', { Worker: {} }, undefined, null],
    ['of a single worker is absent in a domain too', { Worker: {} }, 'tf.training.com', null],
    [
      'names the domain behind .svc',
      { Worker: {}, PS: {} },
      'tf.training.org',
      '{"cluster":{"ps":["job-ps-0.ns.svc.tf.training.org:2222"],"worker":["job-worker-0.ns.svc.tf.training.org:2222"]},"task":{"type":"worker","index":0},"environment":"cloud"}',
    ],
    [
      'lists every type in alphabetical order',
      { Worker: { replicas: 2 }, Ps: {}, Evaluator: {}, Chief: {} },
      undefined,
      '{"cluster":{"chief":["job-chief-0.ns.svc:2222"],"evaluator":["job-evaluator-0.ns.svc:2222"],"ps":["job-ps-0.ns.svc:2222"],"worker":["job-worker-0.ns.svc:2222","job-worker-1.ns.svc:2222"]},"task":{"type":"worker","index":0},"environment":"cloud"}',
    ],
  ])('%s', (_name, replicas, domain, expected) => {
    expect(configOf(replicas, ['Worker', 0], { ...(domain !== undefined && { domain }) })).toBe(expected);
  });

  test('takes the port of the name tfjob-port', () => {
    const ports = [
      { name: 'http', containerPort: 80 },
      { name: 'tfjob-port', containerPort: 3333 },
    ];
    const template = { spec: { containers: [{ name: 'tensorflow', image: 'i', ports }] } };
    expect(configOf({ Worker: { template }, PS: {} }, ['PS', 0])).toContain(
      '"worker":["job-worker-0.ns.svc:3333"]',
    );
  });

  test('of an old job exists for one replica, and leaves the evaluator out', () => {
    const apiVersion = 'kubeflow.org/v1beta2';
    expect(configOf({ Worker: {} }, ['Worker', 0], { apiVersion })).toBe(
      '{"cluster":{"worker":["job-worker-0.ns.svc:2222"]},"task":{"type":"worker","index":0},"environment":"cloud"}',
    );
    expect(configOf({ Worker: {}, Evaluator: {} }, ['Evaluator', 0], { apiVersion })).toBe(
      '{"cluster":{"worker":["job-worker-0.ns.svc:2222"]},"task":{"type":"evaluator","index":0},"environment":"cloud"}',
    );
  });
});

describe('sparse TF_CONFIG', () => {
  const spec = { enableDynamicWorker: true };
  const both = { PS: { replicas: 2 }, Worker: { replicas: 2 } };

  test.each<[string, ReplicaManifests, [ReplicaType, number], string]>([
    [
      'of a worker has itself and the parameter servers',
      both,
      ['Worker', 1],
      '{"cluster":{"worker":{"1":"job-worker-1.ns.svc:2222"},"ps":["job-ps-0.ns.svc:2222","job-ps-1.ns.svc:2222"]},"task":{"type":"worker","index":1}}',
    ],
    [
      'of a worker without parameter servers says so',
      { Worker: { replicas: 2 } },
      ['Worker', 1],
      '{"cluster":{"worker":{"1":"job-worker-1.ns.svc:2222"},"ps":null},"task":{"type":"worker","index":1}}',
    ],
    [
      'of a parameter server has itself',
      both,
      ['PS', 1],
      '{"cluster":{"worker":{},"ps":["job-ps-1.ns.svc:2222"]},"task":{"type":"ps","index":1}}',
    ],
    [
      'of a chief has nobody',
      { ...both, Chief: {} },
      ['Chief', 0],
      '{"cluster":{"worker":{},"ps":[]},"task":{"type":"chief","index":0}}',
    ],
  ])('%s', (_name, replicas, task, expected) => {
    expect(configOf(replicas, task, { spec })).toBe(expected);
  });
});

test.each<[ReplicaManifests, boolean]>([
  [{ Worker: {} }, false],
  [{ Worker: {}, PS: {} }, true],
  [{ PS: {} }, false],
  [{ Worker: {}, Chief: {} }, true],
])('%j is distributed: %s', (replicas, expected) => {
  expect(isDistributed(specOf(storedJob(replicas)).groups)).toBe(expected);
});
