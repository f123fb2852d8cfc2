import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../core/errors.ts';
import type { MetricsCollectorSpec, TrialTemplate } from '../../../core/experiment.ts';
import {
  checkCollectorFits,
  checkCollectorName,
  checkMetricsCollector,
  checkMetricsPort,
} from '../../../core/validation/metrics-collector.ts';

const SOURCE = 'spec.metricsCollectorSpec.source';

function file(kind: 'File' | 'TensorFlowEvent' | 'Custom', fileSystemPath: object): MetricsCollectorSpec {
  const customCollector = kind === 'Custom' ? { customCollector: { name: 'own', image: 'own' } } : {};
  return { collector: { kind, ...customCollector }, source: { fileSystemPath } };
}

function filter(...metricsFormat: string[]): MetricsCollectorSpec {
  return { source: { filter: { metricsFormat } } };
}

function prometheus(httpGet: object): MetricsCollectorSpec {
  return { collector: { kind: 'PrometheusMetric' }, source: { httpGet } };
}

describe('checkMetricsCollector', () => {
  it.each<[string, MetricsCollectorSpec]>([
    ['nothing', {}],
    ['StdOut', { collector: { kind: 'StdOut' } }],
    ['None', { collector: { kind: 'None' } }],
    ['Push', { collector: { kind: 'Push' } }],
    ['a filter without a collector', filter('(\\w+\\s\\w+)\\s:\\s((-?\\d+)(\\.\\d+)?)')],
    ['a filter with braces', filter('{metricName: ([\\w|-]+), metricValue: ((-?\\d+)(\\.\\d+)?)}')],
    ['File without a source', { collector: { kind: 'File' } }],
    ['File with JSON', file('File', { path: '/katib/mnist.json', kind: 'File', format: 'JSON' })],
    ['TensorFlowEvent', file('TensorFlowEvent', { path: '/logs/test', kind: 'Directory' })],
    ['Custom', file('Custom', { path: '/logs', kind: 'Directory' })],
  ])('accepts %s', (_, spec) => {
    expect([...checkMetricsCollector(spec)]).toEqual([]);
  });

  it.each<[string, MetricsCollectorSpec, string]>([
    [
      'a relative path',
      file('File', { path: 'mnist.log' }),
      `SPEC_PATH_NOT_ABSOLUTE ${SOURCE}.fileSystemPath.path`,
    ],
    [
      'a directory for File',
      file('File', { kind: 'Directory' }),
      `SPEC_COLLECTOR_SOURCE ${SOURCE}.fileSystemPath.kind`,
    ],
    [
      'a file for TensorFlowEvent',
      file('TensorFlowEvent', { kind: 'File' }),
      `SPEC_COLLECTOR_SOURCE ${SOURCE}.fileSystemPath.kind`,
    ],
    [
      'a format for TensorFlowEvent',
      file('TensorFlowEvent', { format: 'TEXT' }),
      `SPEC_COLLECTOR_SOURCE ${SOURCE}.fileSystemPath.format`,
    ],
    [
      'a relative path for TensorFlowEvent',
      file('TensorFlowEvent', { path: 'logs' }),
      `SPEC_PATH_NOT_ABSOLUTE ${SOURCE}.fileSystemPath.path`,
    ],
    [
      'a relative path for Custom',
      file('Custom', { path: 'logs' }),
      `SPEC_PATH_NOT_ABSOLUTE ${SOURCE}.fileSystemPath.path`,
    ],
    [
      'a custom collector without an image',
      { collector: { kind: 'Custom', customCollector: { name: 'own' } } },
      'SPEC_REQUIRED spec.metricsCollectorSpec.collector.customCollector.image',
    ],
    [
      'a filter that is no expression',
      filter('([a-z'),
      `SPEC_FILTER_INVALID ${SOURCE}.filter.metricsFormat[0]`,
    ],
    ['a filter with one group', filter('loss=(.*)'), `SPEC_FILTER_INVALID ${SOURCE}.filter.metricsFormat[0]`],
    [
      'a filter that only JavaScript understands',
      filter('(a)(?=(b))'),
      `SPEC_FILTER_INVALID ${SOURCE}.filter.metricsFormat[0]`,
    ],
    [
      'the second of two filters',
      filter('(a)=(b)', 'a'),
      `SPEC_FILTER_INVALID ${SOURCE}.filter.metricsFormat[1]`,
    ],
  ])('refuses %s', (_, spec, expected) => {
    const found = [...checkMetricsCollector(spec)].map(({ code, path }) => `${code} ${formatPath(path)}`);
    expect(found).toEqual([expected]);
  });

  it('refuses Custom without a container, with both things that it lacks', () => {
    const found = [...checkMetricsCollector({ collector: { kind: 'Custom' } })];
    const container = 'spec.metricsCollectorSpec.collector.customCollector';
    expect(found.map(({ path }) => formatPath(path))).toEqual([`${container}.name`, `${container}.image`]);
  });

  it.each<[string, object, string[]]>([
    ['as it stands', {}, []],
    ['with a path and a port', { port: 9090, path: '/metrics?all=1' }, []],
    ['with a port as text', { port: '9090' }, []],
    ['with a port that is a name', { port: 'web-2' }, []],
    ['with TLS and headers', { scheme: 'HTTPS', httpHeaders: [{ name: 'X-Key', value: 'a b' }] }, []],
    ['with another host', { host: 'gateway.monitoring' }, []],
    ['with an address of IPv6', { host: '::1' }, []],
    ['with port 0', { port: 0 }, ['SPEC_COLLECTOR_SOURCE port']],
    ['with a port that is no name', { port: 'Web' }, ['SPEC_COLLECTOR_SOURCE port']],
    [
      'with a port whose name is too long',
      { port: 'a-port-with-a-long-name' },
      ['SPEC_COLLECTOR_SOURCE port'],
    ],
    ['with an empty port', { port: '' }, ['SPEC_COLLECTOR_SOURCE port']],
    ['with a port beyond 65535', { port: 70000 }, ['SPEC_COLLECTOR_SOURCE port']],
    ['with a relative path', { path: 'metrics' }, ['SPEC_PATH_NOT_ABSOLUTE path']],
    ['with a host that is a URL', { host: 'http://a' }, ['SPEC_COLLECTOR_SOURCE host']],
    ['with a host that is no address', { host: '1.2.3.4.5' }, ['SPEC_COLLECTOR_SOURCE host']],
    ['with another scheme', { scheme: 'ftp' }, ['SPEC_COLLECTOR_SOURCE scheme']],
    [
      'with a header of two lines',
      {
        httpHeaders: [
          { name: 'ok', value: 'ok' },
          { name: 'a', value: 'b\r\nc: d' },
        ],
      },
      ['SPEC_COLLECTOR_SOURCE httpHeaders[1]'],
    ],
  ])('judges PrometheusMetric %s', (_, httpGet, expected) => {
    const found = [...checkMetricsCollector(prometheus(httpGet))];
    const at = `${SOURCE}.httpGet.`;
    expect(found.map(({ code, path }) => `${code} ${formatPath(path).replace(at, '')}`)).toEqual(expected);
  });

  it('refuses a filter beside JSON', () => {
    const spec: MetricsCollectorSpec = {
      collector: { kind: 'File' },
      source: { fileSystemPath: { format: 'JSON' }, filter: { metricsFormat: ['(a)=(b)'] } },
    };
    expect([...checkMetricsCollector(spec)].map(({ code }) => code)).toEqual(['SPEC_COLLECTOR_SOURCE']);
  });
});

describe('checkCollectorFits', () => {
  it.each<[MetricsCollectorSpec, string, boolean]>([
    [{}, 'Job', true],
    [{}, 'TFJob', true],
    [{ collector: { kind: 'File' } }, 'PyTorchJob', true],
    [{}, 'Workflow', false],
    [{ collector: { kind: 'TensorFlowEvent' } }, 'TrainJob', false],
    [{ collector: { kind: 'Custom' } }, 'KindOfMyOwn', false],
    [{ collector: { kind: 'Push' } }, 'Workflow', true],
    [{ collector: { kind: 'None' } }, 'KindOfMyOwn', true],
  ])('%j with a %s: %s', (spec, kind, fits) => {
    const expected = fits ? [] : ['SPEC_COLLECTOR_UNSUPPORTED'];
    expect([...checkCollectorFits(spec, kind)].map(({ code }) => code)).toEqual(expected);
  });
});

describe('the container of a collector of the own', () => {
  const PLACE = 'spec.metricsCollectorSpec.collector.customCollector.';
  const custom = (more: object): MetricsCollectorSpec => ({
    collector: { kind: 'Custom', customCollector: { name: 'mine', image: 'mine:1', ...more } },
  });

  it.each<[object, string[]]>([
    [{ command: ['sh', '-c', 'true'], env: [{ name: 'A', value: '1' }] }, []],
    [{ command: 'sh -c true' }, ['SPEC_WRONG_TYPE command']],
    [{ args: [1] }, ['SPEC_NOT_QUOTED args[0]']],
    [{ volumeMount: [] }, ['SPEC_UNKNOWN_FIELD volumeMount']],
    [{ name: 7 }, ['SPEC_REQUIRED name', 'SPEC_NOT_QUOTED name']],
  ])('%j is judged like one of the job', (more, expected) => {
    const found = [...checkMetricsCollector(custom(more))];
    expect(found.map(({ code, path }) => `${code} ${formatPath(path).replace(PLACE, '')}`)).toEqual(expected);
  });

  it.each([
    ['training', ['SPEC_NAME_INVALID']],
    ['fetch', ['SPEC_NAME_INVALID']],
    ['mine', []],
  ])('may be called %s: %j', (name, expected) => {
    const pod = { containers: [{ name: 'training' }], initContainers: [{ name: 'fetch' }] };
    const trialSpec = { apiVersion: 'batch/v1', kind: 'Job', spec: { template: { spec: pod } } };
    const found = [...checkCollectorName(custom({ name }), { trialSpec })];
    expect(found.map(({ code }) => code)).toEqual(expected);
  });
});

describe('checkMetricsPort', () => {
  const template = (ports: object[], name = 'training'): TrialTemplate => ({
    primaryContainerName: 'training',
    trialSpec: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      spec: { template: { spec: { containers: [{ name, ports }] } } },
    },
  });

  it.each<[string, object, TrialTemplate, boolean]>([
    ['a name of the container', { port: 'web' }, template([{ name: 'web', containerPort: 1 }]), true],
    ['a number', { port: '81' }, template([]), true],
    ['a name where the primary container is missing', { port: 'web' }, template([], 'other'), true],
    [
      'a name that the container lacks',
      { port: 'web' },
      template([{ name: 'wib', containerPort: 1 }]),
      false,
    ],
  ])('judges %s', (_, httpGet, trialTemplate, isRight) => {
    const found = [...checkMetricsPort(prometheus(httpGet), trialTemplate)];
    expect(found.map(({ path }) => formatPath(path))).toEqual(isRight ? [] : [`${SOURCE}.httpGet.port`]);
  });
});
