import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MetricsCollectorSpec, Objective } from '../../../core/experiment.ts';
import { JOB_ROLE_LABEL } from '../../../core/labels.ts';
import type { Container, PodTemplateSpec } from '../../../core/pod.ts';
import type { StoredTrial, TrialSpec } from '../../../core/trial.ts';
import { parseSidecarArguments } from '../../../metrics-collector/sidecar-arguments.ts';
import { jobManifest } from '../../../controller/trial/job-manifest.ts';
import { temporaryFolder } from '../../support/command.ts';
import { trial } from '../../support/experiment-objects.ts';

const MASTER = { [JOB_ROLE_LABEL]: 'master' };

function container(more: Partial<Container> = {}): Container {
  return { name: 'training', image: 'train:1', command: ['train'], ...more };
}

function template(...containers: Container[]): PodTemplateSpec {
  return { metadata: { labels: { app: 'a' } }, spec: { containers, restartPolicy: 'Never' } };
}

function batchJob(pod: PodTemplateSpec): TrialSpec['runSpec'] {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'exp-0', namespace: 'default' },
    spec: { template: pod },
  };
}

function tfJob(replicas: Record<string, PodTemplateSpec>): TrialSpec['runSpec'] {
  const tfReplicaSpecs = Object.fromEntries(
    Object.entries(replicas).map(([type, pod]) => [type, { template: pod }]),
  );
  return {
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: { name: 'exp-0' },
    spec: { tfReplicaSpecs },
  };
}

function subject(runSpec: TrialSpec['runSpec'], more: Partial<TrialSpec> = {}): StoredTrial {
  return trial({ index: 0, spec: { ...(runSpec && { runSpec }), ...more } });
}

function podOf(own: StoredTrial, replica?: string): PodTemplateSpec {
  const { spec } = jobManifest(own) as unknown as {
    spec: { template: PodTemplateSpec; tfReplicaSpecs: Record<string, { template: PodTemplateSpec }> };
  };
  return replica === undefined ? spec.template : (spec.tfReplicaSpecs[replica]?.template ?? {});
}

function sidecarOf(pod: PodTemplateSpec): Container | undefined {
  return pod.spec?.initContainers?.find(({ name }) => name === 'metrics-logger-and-collector');
}

function file(path: string, more: object = {}): MetricsCollectorSpec {
  return { collector: { kind: 'File' }, source: { fileSystemPath: { path, kind: 'File', ...more } } };
}

function prometheus(httpGet: NonNullable<MetricsCollectorSpec['source']>['httpGet']): MetricsCollectorSpec {
  return { collector: { kind: 'PrometheusMetric' }, source: { httpGet } };
}

describe('every job', () => {
  const own = subject(
    batchJob(template(container(), container({ name: 'helper', terminationMessagePolicy: 'File' }))),
  );

  it('belongs to its trial', () => {
    expect(jobManifest(own).metadata).toMatchObject({
      name: 'exp-0',
      namespace: 'default',
      ownerReferences: [{ kind: 'Trial', name: 'exp-0', uid: 'uid-exp-0', controller: true }],
    });
  });

  it("marks its pods as the trial's own", () => {
    expect(podOf(own).metadata).toEqual({
      labels: { app: 'a', 'katib.kubeflow.org/experiment': 'exp', 'katib.kubeflow.org/trial': 'exp-0' },
      annotations: { 'katydid.dev/trial-uid': 'uid-exp-0' },
    });
  });

  it('tells the training its trial, and has the end of every output kept', () => {
    const [training, helper] = podOf(own).spec?.containers ?? [];
    expect(training?.env).toEqual([{ name: 'KATIB_TRIAL_NAME', value: 'exp-0' }]);
    expect(training?.terminationMessagePolicy).toBe('FallbackToLogsOnError');
    expect(helper).toMatchObject({ terminationMessagePolicy: 'File' });
    expect(helper?.env).toBeUndefined();
  });

  it('leaves the trial as it is', () => {
    const before = structuredClone(own);
    jobManifest(own);
    expect(own).toEqual(before);
  });
});

describe('the collector', () => {
  it('is a native sidecar that reads the output of the primary container', () => {
    const objective: Objective = {
      type: 'minimize',
      objectiveMetricName: 'loss',
      additionalMetricNames: ['acc'],
    };
    const source = { filter: { metricsFormat: ['(\\w+): (\\d+)'] } };
    const metricsCollector: MetricsCollectorSpec = { collector: { kind: 'StdOut' }, source };
    const pod = podOf(subject(batchJob(template(container())), { objective, metricsCollector }));
    const sidecar = sidecarOf(pod);
    expect(sidecar).toMatchObject({ image: 'katydid/metrics-collector', restartPolicy: 'Always' });
    expect(parseSidecarArguments(sidecar?.args ?? [])).toEqual({
      trialName: 'exp-0',
      trialUid: 'uid-exp-0',
      kind: 'StdOut',
      metrics: ['loss', 'acc'],
      container: 'training',
      path: null,
      format: 'TEXT',
      filters: ['(\\w+): (\\d+)'],
      primaryPodLabels: [],
    });
    expect(pod.spec?.containers[0]?.command).toEqual(['train']);
    expect(pod.spec?.volumes).toBeUndefined();
  });

  it('comes after the init containers of the template', () => {
    const pod = template(container());
    if (pod.spec) pod.spec.initContainers = [container({ name: 'fetch' })];
    expect(podOf(subject(batchJob(pod))).spec?.initContainers?.map(({ name }) => name)).toEqual([
      'fetch',
      'metrics-logger-and-collector',
    ]);
  });

  it.each<[string, MetricsCollectorSpec, string]>([
    ['the directory of a file', file('/out/run/metrics.log'), '/out/run'],
    [
      'a directory',
      {
        collector: { kind: 'TensorFlowEvent' },
        source: { fileSystemPath: { path: '/events/', kind: 'Directory' } },
      },
      '/events',
    ],
  ])('shares %s with the primary container through an empty volume', (_, metricsCollector, mountPath) => {
    const pod = podOf(subject(batchJob(template(container())), { metricsCollector }));
    expect(pod.spec?.volumes).toEqual([{ name: 'metrics-volume', emptyDir: {} }]);
    expect(pod.spec?.containers[0]?.volumeMounts).toEqual([{ name: 'metrics-volume', mountPath }]);
    expect(sidecarOf(pod)?.volumeMounts).toEqual([{ name: 'metrics-volume', mountPath }]);
  });

  it('takes another name for its volume where the template has one of that name', () => {
    const pod = template(container());
    if (pod.spec) pod.spec.volumes = [{ name: 'metrics-volume', hostPath: { path: '/data' } }];
    const made = podOf(subject(batchJob(pod), { metricsCollector: file('/out/run/m.log') }));
    expect(made.spec?.volumes?.map(({ name }) => name)).toEqual(['metrics-volume', 'metrics-volume-2']);
    expect(sidecarOf(made)?.volumeMounts).toEqual([{ name: 'metrics-volume-2', mountPath: '/out/run' }]);
  });

  it.each([
    ['at the directory', '/out/run', true],
    ['above it', '/out', true],
    ['at the root', '/', true],
    ['below it', '/out/run/deep', false],
    ['beside it, with the same beginning', '/out/ru', false],
  ])('uses the volume that is mounted %s', (_, mountPath, uses) => {
    const mount = { name: 'results', mountPath, subPath: 'a' };
    const pod = podOf(
      subject(batchJob(template(container({ volumeMounts: [mount] }))), {
        metricsCollector: file('/out/run/m.log'),
      }),
    );
    expect(sidecarOf(pod)?.volumeMounts).toEqual(
      uses ? [mount] : [{ name: 'metrics-volume', mountPath: '/out/run' }],
    );
    expect(pod.spec?.volumes !== undefined).toBe(!uses);
  });

  it.each([
    ['Chief', { Chief: template(container()), Worker: template(container()), PS: template(container()) }],
    ['Master', { Master: template(container()), Worker: template(container()) }],
    ['Worker', { Worker: template(container()), PS: template(container()) }],
  ])(
    'is in the %s only, and asks at run time whether its pod is the one that counts',
    (expected, replicas) => {
      const own = subject(tfJob(replicas), { primaryPodLabels: MASTER });
      const having = Object.keys(replicas).filter((replica) => sidecarOf(podOf(own, replica)) !== undefined);
      expect(having).toEqual([expected]);
      const sidecar = sidecarOf(podOf(own, expected));
      expect(sidecar?.env).toEqual([
        {
          name: 'KATYDID_POD_LABEL_0',
          valueFrom: { fieldRef: { fieldPath: `metadata.labels['${JOB_ROLE_LABEL}']` } },
        },
      ]);
      expect(parseSidecarArguments(sidecar?.args ?? []).primaryPodLabels).toEqual([
        { variable: 'KATYDID_POD_LABEL_0', value: 'master' },
      ]);
    },
  );

  it.each(['Push', 'None'] as const)('is not there for the kind %s', (kind) => {
    const pod = podOf(
      subject(batchJob(template(container())), { metricsCollector: { collector: { kind } } }),
    );
    expect(pod.spec?.initContainers).toBeUndefined();
    expect(pod.spec?.containers).toHaveLength(1);
  });
});

function custom(customCollector: Container, source?: MetricsCollectorSpec['source']): MetricsCollectorSpec {
  const collector = { kind: 'Custom' as const, customCollector: { ...customCollector } };
  return { collector, ...(source && { source }) };
}

describe('a collector of the own', () => {
  const own = { name: 'mine', image: 'mine:1', args: ['-x'] };

  it('is a native sidecar, shares the path of the metrics, and has its output read', () => {
    const source = {
      fileSystemPath: { path: '/out/m.log' },
      filter: { metricsFormat: ['(\\w+) is (\\d+)'] },
    };
    const metricsCollector = custom(own, source);
    const { spec } = podOf(subject(batchJob(template(container())), { metricsCollector }));
    const mounts = [{ name: 'metrics-volume', mountPath: '/out' }];
    expect(spec?.containers).toHaveLength(1);
    expect(spec?.containers[0]?.volumeMounts).toEqual(mounts);
    const [reader, sidecar] = spec?.initContainers ?? [];
    expect(parseSidecarArguments(reader?.args ?? [])).toMatchObject({
      kind: 'StdOut',
      container: 'mine',
      filters: ['(\\w+) is (\\d+)'],
    });
    expect(sidecar).toEqual({
      ...own,
      restartPolicy: 'Always',
      volumeMounts: mounts,
      terminationMessagePolicy: 'FallbackToLogsOnError',
    });
    expect(spec?.shareProcessNamespace).toBe(true);
  });

  it('may have the name that the collector usually has', () => {
    const name = 'metrics-logger-and-collector';
    const metricsCollector = custom({ ...own, name });
    const { spec } = podOf(subject(batchJob(template(container())), { metricsCollector }));
    expect(spec?.initContainers?.map((each) => each.name)).toEqual([`${name}-output`, name]);
  });

  it.each<[string, Partial<Container>, object, object, string]>([
    [
      'file-metrics-collector',
      {
        args: [
          '-t',
          'x',
          '-m',
          'loss;acc',
          '-s-db',
          'db:6789',
          '-path',
          '/katib/mnist.log',
          '-f',
          '(a)=(b);(c):(d)',
        ],
      },
      {},
      { kind: 'File', path: '/katib/mnist.log', format: 'TEXT', filters: ['(a)=(b)', '(c):(d)'] },
      '/katib',
    ],
    [
      'file-metrics-collector',
      { args: ['--format=JSON'] },
      { fileSystemPath: { path: '/out/m.json' } },
      { kind: 'File', path: '/out/m.json', format: 'JSON', filters: [] },
      '/out',
    ],
    [
      'file-metrics-collector',
      {},
      {},
      { kind: 'File', path: '/var/log/katib/metrics.log' },
      '/var/log/katib',
    ],
    [
      'tfevent-metrics-collector',
      { args: ['-path', '/events'] },
      {},
      { kind: 'TensorFlowEvent', path: '/events' },
      '/events',
    ],
  ])('that is Katib’s %s with %j and %j is done without', (image, more, source, expected, mountPath) => {
    for (const registry of ['docker.io/kubeflowkatib', 'ghcr.io/kubeflow/katib', 'registry.local/katib']) {
      const metricsCollector = custom({ name: 'c', image: `${registry}/${image}:v0.19.0`, ...more }, source);
      const pod = podOf(subject(batchJob(template(container())), { metricsCollector }));
      expect(pod.spec?.initContainers).toHaveLength(1);
      const args = parseSidecarArguments(sidecarOf(pod)?.args ?? []);
      expect(args).toMatchObject({ ...expected, container: 'training', metrics: ['loss'] });
      expect(sidecarOf(pod)?.volumeMounts).toEqual([{ name: 'metrics-volume', mountPath }]);
      expect(pod.spec?.containers[0]?.volumeMounts).toEqual([{ name: 'metrics-volume', mountPath }]);
    }
  });

  it.each<Partial<Container>>([
    { command: ['sh'] },
    { image: 'acme/file-metrics-collector' },
    { image: 'ghcr.io/kubeflow/katib/my-file-metrics-collector' },
  ])('that only looks like one of Katib’s runs: %j', (more) => {
    const image = 'ghcr.io/kubeflow/katib/file-metrics-collector';
    const metricsCollector = custom({ name: 'c', image, ...more });
    const { spec } = podOf(subject(batchJob(template(container())), { metricsCollector }));
    expect(spec?.initContainers?.map(({ name }) => name)).toEqual(['metrics-logger-and-collector', 'c']);
  });
});

describe('the collector that asks by HTTP', () => {
  const ports = [{ name: 'web', containerPort: 9100 }];

  it.each<[object, string]>([
    [{}, 'http://127.0.0.1:8080/metrics'],
    [{ port: 9090, path: '/m?x=1' }, 'http://127.0.0.1:9090/m?x=1'],
    [{ port: '9090' }, 'http://127.0.0.1:9090/metrics'],
    [{ port: 'web', scheme: 'HTTPS' }, 'https://127.0.0.1:9100/metrics'],
    [{ host: 'gateway', port: 80 }, 'http://gateway/metrics'],
    [{ host: '::1', port: 81 }, 'http://[::1]:81/metrics'],
  ])('is told for %j to ask at %s', (httpGet, url) => {
    const metricsCollector = prometheus(httpGet);
    const pod = podOf(subject(batchJob(template(container({ ports }))), { metricsCollector }));
    const args = parseSidecarArguments(sidecarOf(pod)?.args ?? []);
    expect(args).toMatchObject({ kind: 'PrometheusMetric', path: null, http: { url, headers: [] } });
  });

  it('sends the headers', () => {
    const httpHeaders = [{ name: 'X-Key', value: 'a: b' }];
    const metricsCollector = prometheus({ httpHeaders });
    const pod = podOf(subject(batchJob(template(container())), { metricsCollector }));
    expect(parseSidecarArguments(sidecarOf(pod)?.args ?? []).http?.headers).toEqual(httpHeaders);
  });

  it('has the port told to every container of the job, before all other variables', () => {
    const metricsCollector = prometheus({ port: 'web' });
    const env = [{ name: 'KATYDID_METRICS_PORT', value: '1' }];
    const own = subject(
      tfJob({ Chief: template(container({ ports, env })), Worker: template(container(), container()) }),
      { metricsCollector, primaryPodLabels: MASTER },
    );
    const told = ['Chief', 'Worker'].flatMap((replica) =>
      podOf(own, replica).spec?.containers.map((each) => each.env?.[0]),
    );
    expect(told).toEqual(Array(3).fill({ name: 'KATYDID_METRICS_PORT', value: '9100' }));
  });

  it('tells no port where the metrics are on another host', () => {
    const metricsCollector = prometheus({ host: 'gateway' });
    const pod = podOf(subject(batchJob(template(container())), { metricsCollector }));
    expect(pod.spec?.containers[0]?.env?.map(({ name }) => name)).toEqual(['KATIB_TRIAL_NAME']);
  });
});

describe('a trial that cannot run', () => {
  it.each<[string, StoredTrial, string, string]>([
    ['without a job', subject(undefined, { runSpec: {} }), 'TRIAL_SPEC_INCOMPLETE', 'no job in spec.runSpec'],
    [
      'without its primary container',
      subject(batchJob(template(container({ name: 'main' }))), {}),
      'TRIAL_PRIMARY_CONTAINER_MISSING',
      'There is no container "training" in the primary pod: its containers are main.',
    ],
    [
      'with a collector for pods that cannot be seen',
      subject({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: {} }),
      'METRICS_COLLECTOR_UNSUPPORTED',
      'The StdOut collector cannot be added to a Workflow.',
    ],
    [
      'whose metrics are at no address',
      subject(batchJob(template(container())), { metricsCollector: prometheus({ host: '1.2.3.4.5' }) }),
      'METRICS_COLLECTOR_UNSUPPORTED',
      'Metrics cannot be read from "http://1.2.3.4.5:8080/metrics".',
    ],
    [
      'whose metrics are on a port that its container does not have',
      subject(batchJob(template(container())), { metricsCollector: prometheus({ port: 'web' }) }),
      'METRICS_COLLECTOR_UNSUPPORTED',
      'Metrics are read from port "web", but container "training" has no port of that name.',
    ],
  ])('%s is refused with a code', (_, own, code, message) => {
    expect(() => jobManifest(own)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error,
    );
  });

  it('may still run a kind whose pods cannot be seen when nothing is collected from them', () => {
    const own = subject(
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: {} },
      { metricsCollector: { collector: { kind: 'Push' } } },
    );
    expect(jobManifest(own).kind).toBe('Workflow');
  });
});

describe('the checkpoint directory', () => {
  const CHECKPOINTS = {
    'katydid.dev/checkpoint-directory': '/var/log/checkpoints/',
    'katydid.dev/checkpoint-claim': 'exp-pbt',
  };

  function withCheckpoints(
    labels: Record<string, string>,
    own = subject(batchJob(template(container()))),
  ): PodTemplateSpec {
    const metadata = {
      ...own.metadata,
      annotations: CHECKPOINTS,
      labels: { ...own.metadata.labels, ...labels },
    };
    return podOf({ ...own, metadata });
  }

  const envOf = (pod: PodTemplateSpec): unknown => pod.spec?.containers[0]?.env;

  it('is one of the claim for each trial, filled before anything else starts', () => {
    const { spec } = withCheckpoints({});
    expect(spec?.volumes).toEqual([
      { name: 'suggestion-volume', persistentVolumeClaim: { claimName: 'exp-pbt' } },
    ]);
    expect(spec?.containers[0]?.volumeMounts).toEqual([
      { name: 'suggestion-volume', mountPath: '/var/log/checkpoints', subPath: 'exp-0' },
    ]);
    expect(spec?.initContainers?.[0]).toMatchObject({
      name: 'checkpoint-directory',
      args: ['', '/katydid-checkpoints/exp-0', '/katydid-checkpoints/.exp-0.filled'],
    });
  });

  it.each([['katydid.dev/parent'], ['pbt.suggestion.katib.kubeflow.org/parent']])(
    'begins as a copy of that of the trial in the label %s, which the training is told of',
    (label) => {
      const pod = withCheckpoints({ [label]: 'exp-7' });
      expect(pod.spec?.initContainers?.[0]?.args?.[0]).toBe('/katydid-checkpoints/exp-7');
      expect(envOf(pod)).toEqual([
        { name: 'KATIB_TRIAL_NAME', value: 'exp-0' },
        { name: 'KATYDID_PARENT_TRIAL', value: 'exp-7' },
      ]);
    },
  );

  it('is not made where the template has a mount of its own there', () => {
    const mount = { name: 'mine', mountPath: '/var/log/checkpoints' };
    const { spec } = withCheckpoints({}, subject(batchJob(template(container({ volumeMounts: [mount] })))));
    expect(spec?.containers[0]?.volumeMounts).toEqual([mount]);
    expect(spec?.initContainers?.map(({ name }) => name)).not.toContain('checkpoint-directory');
  });

  it('is not made for trials of other algorithms', () => {
    const { spec } = podOf(subject(batchJob(template(container()))));
    expect(spec?.volumes).toBeUndefined();
    expect(spec?.initContainers?.map(({ name }) => name)).toEqual(['metrics-logger-and-collector']);
  });

  it('is made where no metrics are collected, too', () => {
    const own = subject(batchJob(template(container())), {
      metricsCollector: { collector: { kind: 'Push' } },
    });
    expect(withCheckpoints({}, own).spec?.initContainers).toHaveLength(1);
  });
});

describe('the container that fills a checkpoint directory', () => {
  const { spec } = podOf({
    ...subject(batchJob(template(container()))),
    metadata: {
      ...subject(batchJob(template(container()))).metadata,
      annotations: { 'katydid.dev/checkpoint-directory': '/c', 'katydid.dev/checkpoint-claim': 'c' },
    },
  });
  const [program = '', ...words] = spec?.initContainers?.[0]?.command ?? [];

  function fill(folder: string, parent: string): string[] {
    const paths = [parent && join(folder, parent), join(folder, 'child'), join(folder, '.child.filled')];
    execFileSync(program, [...words, ...paths]);
    return readdirSync(join(folder, 'child'), { recursive: true, encoding: 'utf8' }).sort();
  }

  function folderOfParent(): ReturnType<typeof temporaryFolder> {
    const folder = temporaryFolder();
    mkdirSync(join(folder.path, 'parent/deep'), { recursive: true });
    writeFileSync(join(folder.path, 'parent/deep/weights'), '1');
    return folder;
  }

  it('copies what the parent has', () => {
    using folder = folderOfParent();
    expect(fill(folder.path, 'parent')).toEqual(['deep', 'deep/weights']);
  });

  it('leaves it empty where there is no parent, or the parent left nothing', () => {
    using folder = folderOfParent();
    expect(fill(folder.path, '')).toEqual([]);
    using other = folderOfParent();
    expect(fill(other.path, 'gone')).toEqual([]);
  });

  it('copies once: a training that starts over finds what it has written itself', () => {
    using folder = folderOfParent();
    fill(folder.path, 'parent');
    writeFileSync(join(folder.path, 'child/deep/weights'), '2');
    fill(folder.path, 'parent');
    expect(readFileSync(join(folder.path, 'child/deep/weights'), 'utf8')).toBe('2');
  });
});
