import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { validateExperiment } from '../../core/validation/validate-experiment.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { algorithmCatalog } from '../../suggestion/algorithm-catalog.ts';
import { experimentDocument } from '../support/experiment-document.ts';
import { shellExperiment } from '../support/shell-experiment.ts';
import { type Json, mutated } from './mutated.ts';
import { type RunningService, startService } from './running-service.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);
const MINUTE_MS = 60_000;

/** Ends at once, so that what is accepted does not keep the computer busy. */
const TEMPLATE = {
  spec: {
    restartPolicy: 'Never',
    activeDeadlineSeconds: 5,
    containers: [{ name: 'tensorflow', image: 'none', command: ['true'], env: [{ name: 'A', value: 'b' }] }],
  },
};
const REPLICA = { replicas: 1, restartPolicy: 'Never', template: TEMPLATE };

const DOCUMENTS: Record<string, { path: string; document: Json }> = {
  Experiment: {
    path: '/apis/kubeflow.org/v1beta1/namespaces/default/experiments',
    document: parse(shellExperiment({ name: 'base', trials: 2, script: 'echo loss=$X' })) as Json,
  },
  Trial: {
    path: '/apis/kubeflow.org/v1beta1/namespaces/default/trials',
    document: {
      apiVersion: 'kubeflow.org/v1beta1',
      kind: 'Trial',
      metadata: { name: 'base', labels: { 'katib.kubeflow.org/experiment': 'base' } },
      spec: {
        objective: { type: 'minimize', objectiveMetricName: 'loss' },
        parameterAssignments: [{ name: 'x', value: '1' }],
        primaryContainerName: 'tensorflow',
        metricsCollector: { collector: { kind: 'StdOut' } },
        runSpec: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name: 'base' },
          spec: { template: TEMPLATE },
        },
      },
    },
  },
  Suggestion: {
    path: '/apis/kubeflow.org/v1beta1/namespaces/default/suggestions',
    document: {
      apiVersion: 'kubeflow.org/v1beta1',
      kind: 'Suggestion',
      metadata: { name: 'base' },
      spec: { algorithm: { algorithmName: 'random' }, requests: 1, resumePolicy: 'Never' },
    },
  },
  Job: {
    path: '/apis/batch/v1/namespaces/default/jobs',
    document: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'base' },
      spec: { backoffLimit: 0, parallelism: 1, completions: 1, template: TEMPLATE },
    },
  },
  TFJob: {
    path: '/apis/kubeflow.org/v1/namespaces/default/tfjobs',
    document: {
      apiVersion: 'kubeflow.org/v1',
      kind: 'TFJob',
      metadata: { name: 'base' },
      spec: {
        runPolicy: { cleanPodPolicy: 'None', backoffLimit: 0 },
        tfReplicaSpecs: { Chief: REPLICA, Worker: REPLICA, PS: REPLICA },
      },
    },
  },
  PyTorchJob: {
    path: '/apis/kubeflow.org/v1/namespaces/default/pytorchjobs',
    document: {
      apiVersion: 'kubeflow.org/v1',
      kind: 'PyTorchJob',
      metadata: { name: 'base' },
      spec: {
        pytorchReplicaSpecs: {
          Master: { ...REPLICA, template: withContainer('pytorch') },
          Worker: { ...REPLICA, template: withContainer('pytorch') },
        },
      },
    },
  },
  Pod: {
    path: '/api/v1/namespaces/default/pods',
    document: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'base' }, ...TEMPLATE },
  },
};

const CONDITIONS = [{ type: 'Running', status: 'True', reason: 'a', message: 'b' }];
const OBSERVATION = { metrics: [{ name: 'loss', latest: '1', min: '1', max: '1' }] };
const ASSIGNMENTS = [{ name: 'x', value: '1' }];
const JOB_STATUS = {
  conditions: CONDITIONS,
  startTime: '2026-01-01T00:00:00Z',
  active: 1,
  replicaStatuses: { Worker: { active: 1 } },
};

const STATUSES: Record<string, Json> = {
  Experiment: {
    conditions: CONDITIONS,
    currentOptimalTrial: {
      bestTrialName: 'a',
      parameterAssignments: ASSIGNMENTS,
      observation: OBSERVATION,
    },
    trials: 1,
    runningTrialList: ['a'],
  },
  Trial: { conditions: CONDITIONS, observation: OBSERVATION, startTime: '2026-01-01T00:00:00Z' },
  Suggestion: {
    conditions: CONDITIONS,
    suggestionCount: 1,
    suggestions: [{ name: 'a', parameterAssignments: ASSIGNMENTS }],
  },
  Job: JOB_STATUS,
  TFJob: JOB_STATUS,
  PyTorchJob: JOB_STATUS,
  Pod: {
    phase: 'Running',
    startTime: '2026-01-01T00:00:00Z',
    conditions: CONDITIONS,
    containerStatuses: [{ name: 'tensorflow', restartCount: 0, state: { terminated: { exitCode: 0 } } }],
  },
};

/** What JavaScript says when a value is not what the code took it for. */
const DEFECT =
  /Cannot (read|set|convert)|is not (iterable|a function|an object)|Invalid (time|array|Date)|RangeError|call stack/;

function withContainer(name: string): Json {
  const { spec } = TEMPLATE;
  return { spec: { ...spec, containers: spec.containers.map((container) => ({ ...container, name })) } };
}

describe('a hostile specification', () => {
  it('is judged without an exception, whatever it holds', () => {
    const base = experimentDocument() as Json;
    fc.assert(
      fc.property(mutated(base), (document) => {
        const result = validateExperiment(document, algorithmCatalog);
        expect(typeof result).toBe('object');
      }),
      { numRuns: RUNS * 20 },
    );
  });
});

describe('a running service', { timeout: 3 * MINUTE_MS }, () => {
  let service: RunningService;
  let count = 0;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop(), MINUTE_MS);

  it.each(Object.entries(DOCUMENTS))(
    'answers a hostile %s with no failure of its own',
    async (_kind, { path, document }) => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(mutated(document), mutated(document, ['spec'])), async (hostile) => {
          const answer = await service.send('kube', {
            method: 'POST',
            path,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(renamed(hostile, `fuzz-${count++}`)),
          });
          expect(answer.status, answer.text).toBeLessThan(500);
        }),
        { numRuns: RUNS },
      );
    },
  );

  it.each(Object.entries(DOCUMENTS))(
    'answers a hostile status of a %s with no failure of its own',
    async (kind, { path, document }) => {
      const name = `status-of-${kind.toLowerCase()}`;
      const json = { 'content-type': 'application/json' };
      const body = JSON.stringify(renamed(document, name));
      expect((await service.send('kube', { method: 'POST', path, headers: json, body })).status).toBe(201);
      const headers = { 'content-type': 'application/merge-patch+json' };
      await fc.assert(
        fc.asyncProperty(mutated({ status: STATUSES[kind] ?? {} }, ['status']), async (hostile) => {
          const request = { method: 'PATCH', path: `${path}/${name}/status`, headers };
          const answer = await service.send('kube', { ...request, body: JSON.stringify(hostile) });
          expect(answer.status, answer.text).toBeLessThan(500);
        }),
        { numRuns: RUNS },
      );
    },
  );

  it('still runs an experiment to its end after all of that', async () => {
    const body = shellExperiment({ name: 'sound', trials: 3, script: 'echo loss=$X' });
    const { path } = DOCUMENTS['Experiment'] as { path: string };
    const headers = { 'content-type': 'application/yaml' };
    const created = await service.send('kube', { method: 'POST', path, headers, body });
    expect(created).toMatchObject({ status: 201 });
    await Promise.race([service.failed, hasSucceeded(service, 'sound')]);
  });

  it('has logged no error of a program that met what it did not expect', () => {
    const defects = service.lines.filter(({ fields }) => DEFECT.test(String(fields['error'])));
    expect(defects).toEqual([]);
  });
});

/** Under a name of its own where it still has one that is right, so that it is not refused as a repetition. */
function renamed(document: Json, name: string): Json {
  if (document === null || typeof document !== 'object' || Array.isArray(document)) return document;
  const { metadata } = document;
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return document;
  return metadata['name'] === 'base' ? { ...document, metadata: { ...metadata, name } } : document;
}

async function hasSucceeded({ client }: RunningService, name: string): Promise<void> {
  const fieldSelector = `metadata.name=${name}`;
  for await (const event of client.watch(EXPERIMENTS, { namespace: 'default', fieldSelector })) {
    if (event.type !== 'MODIFIED' && event.type !== 'ADDED') continue;
    const ended = event.object.status?.conditions?.find(
      ({ type, status }) => (type === 'Succeeded' || type === 'Failed') && status === 'True',
    );
    if (ended?.type === 'Succeeded') return;
    if (ended) throw new Error(`the experiment failed: ${ended.message}`);
  }
}
