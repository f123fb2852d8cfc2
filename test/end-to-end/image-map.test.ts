import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { katydid, temporaryFolder } from '../support/command.ts';

/*
 * Experiments in the form in which they are published for clusters: programs and logs at paths of an image. A map of the
 * image, and nothing else, makes them run here.
 */

interface Published {
  name: string;
  collector: object;
  job: object;
  /** The stand-in for the program of the image, in shell; `$1` is where it is told to log. */
  program: string;
}

const COMMAND = ['sh', '/opt/mnist/train.sh'];
const CONFIG = { images: { 'ghcr.io/acme/mnist': { pathMap: { '/opt/mnist': './src' } } } };

function container(name: string, log: string): object {
  return { name, image: 'ghcr.io/acme/mnist:latest', command: [...COMMAND, log, '${trialParameters.lr}'] };
}

function batchJob(log: string): object {
  const spec = { restartPolicy: 'Never', containers: [container('training-container', log)] };
  return { apiVersion: 'batch/v1', kind: 'Job', spec: { template: { spec } } };
}

function tfJob(log: string): object {
  const template = { spec: { containers: [container('tensorflow', log)] } };
  const worker = { replicas: 2, restartPolicy: 'OnFailure', template };
  return { apiVersion: 'kubeflow.org/v1', kind: 'TFJob', spec: { tfReplicaSpecs: { Worker: worker } } };
}

/** `accuracy` 0.9 in step 5 and 0.925 in step 6. */
const EVENT_FILE =
  'SAAAAAAAAAD+kkidCduTu1hTwdpBGg1icmFpbi5FdmVudDoyUi4KLHRlbnNvcmJvYXJkLnN1bW1hcnkud3JpdGVyLmV2ZW50X2ZpbGVfd3JpdGVy471h' +
  'XDQAAAAAAAAAXjMXXAkxm7tYU8HaQRAFKicKJQoIYWNjdXJhY3lCCggBEgAqBGZmZj9KDQoJCgdzY2FsYXJzIAEAHGA+NAAAAAAAAABeMxdcCQSeu1hT' +
  'wdpBEAYqJwolCghhY2N1cmFjeUIKCAESACoEzcxsP0oNCgkKB3NjYWxhcnMgATD6Mko=';

const PUBLISHED: Published[] = [
  {
    name: 'text-file-with-filter',
    collector: {
      collector: { kind: 'File' },
      source: {
        filter: { metricsFormat: [String.raw`{metricName: ([\w|-]+), metricValue: ((-?\d+)(\.\d+)?)}`] },
        fileSystemPath: { path: '/katib-logs/mnist.log', kind: 'File' },
      },
    },
    job: batchJob('/katib-logs/mnist.log'),
    program: `echo '{metricName: accuracy, metricValue: 0.925};{metricName: loss, metricValue: 0.2}' >> "$1"`,
  },
  {
    name: 'json-file',
    collector: {
      collector: { kind: 'File' },
      source: { fileSystemPath: { path: '/katib-logs/mnist.json', kind: 'File', format: 'JSON' } },
    },
    job: batchJob('/katib-logs/mnist.json'),
    program: `echo '{"accuracy": "0.925", "global_step": "1", "timestamp": 1700000000.5, "trial": "0"}' >> "$1"`,
  },
  {
    // The program is told the directory above the one that the collector reads.
    name: 'event-files-of-workers',
    collector: {
      collector: { kind: 'TensorFlowEvent' },
      source: { fileSystemPath: { path: '/mnist-summaries/test', kind: 'Directory' } },
    },
    job: tfJob('/mnist-summaries'),
    program: `mkdir -p "$1/train"; echo ${EVENT_FILE} | base64 -d > "$1/test/events.out.tfevents.1.host"`,
  },
];

function experiment({ name, collector, job }: Published): object {
  const isTfJob = 'kind' in job && job.kind === 'TFJob';
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name, namespace: 'kubeflow' },
    spec: {
      objective: { type: 'maximize', goal: 0.99, objectiveMetricName: 'accuracy' },
      algorithm: { algorithmName: 'random' },
      ...{ parallelTrialCount: 2, maxTrialCount: 2, maxFailedTrialCount: 1 },
      metricsCollectorSpec: collector,
      parameters: [{ name: 'lr', parameterType: 'double', feasibleSpace: { min: '0.01', max: '0.05' } }],
      trialTemplate: {
        primaryContainerName: isTfJob ? 'tensorflow' : 'training-container',
        ...(isTfJob && { primaryPodLabels: { 'training.kubeflow.org/replica-type': 'worker' } }),
        trialParameters: [{ name: 'lr', reference: 'lr' }],
        trialSpec: job,
      },
    },
  };
}

it.each(PUBLISHED)('$name: runs with a map of its image', async (published) => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'experiment.yaml');
  writeFileSync(file, stringify(experiment(published)));
  writeFileSync(path.join(folder.path, 'katydid.config.yaml'), stringify(CONFIG));
  mkdirSync(path.join(folder.path, 'src'));
  writeFileSync(path.join(folder.path, 'src/train.sh'), `set -e\n${published.program}\n`);
  const { code, stdout, stderr } = await katydid(['run', file, '-o', 'json'], { cwd: folder.path });
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout) as { currentOptimalTrial: { observation: unknown }; trials: object };
  expect(report.trials).toMatchObject({ total: 2, succeeded: 2 });
  expect(report.currentOptimalTrial.observation).toMatchObject({
    metrics: [{ name: 'accuracy', max: '0.925' }],
  });
});
