import { describe, expect, it } from 'vitest';
import type { KubeObject, Stored } from '../../../../core/kubernetes-object.ts';
import { CONFIG_MAPS, EVENTS, JOBS, PODS, type ResourceType, SERVICES } from '../../../../kube/resource.ts';
import { humanDuration } from '../../../../local/api-server/table/human-duration.ts';
import { kindColumns } from '../../../../local/api-server/table/kind-columns.ts';
import { printerColumns } from '../../../../local/api-server/table/printer-columns.ts';

const NOW_MS = Date.parse('2026-01-01T01:00:00Z');

function stored(content: Record<string, unknown>): Stored<KubeObject> {
  const metadata = { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
  return { apiVersion: 'v1', kind: 'Any', metadata, ...content };
}

function cells(resource: ResourceType, content: Record<string, unknown>): unknown[] {
  return kindColumns(resource).map((column) => column.cell(stored(content), NOW_MS));
}

describe('human duration', () => {
  it.each([
    [-5, '0s'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [330, '5m30s'],
    [600, '10m'],
    [3 * 3600, '3h'],
    [3 * 3600 + 60, '3h1m'],
    [9 * 3600 + 60, '9h'],
    [47 * 3600, '47h'],
    [52 * 3600, '2d4h'],
    [10 * 86400, '10d'],
    [800 * 86400, '2y70d'],
    [4000 * 86400, '10y'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(humanDuration(seconds * 1000)).toBe(text);
  });
});

describe('columns', () => {
  it.each<[string, ResourceType, Record<string, unknown>, unknown[]]>([
    [
      'a Pod whose container failed',
      PODS,
      {
        spec: { containers: [{}, {}], nodeName: 'n' },
        status: {
          phase: 'Failed',
          containerStatuses: [
            { ready: false, restartCount: 2, state: { terminated: { reason: 'OOMKilled' } } },
            { ready: true, restartCount: 1 },
          ],
        },
      },
      ['a', '1/2', 'OOMKilled', '3', '60m', '', 'n'],
    ],
    ['a Pod without a status', PODS, {}, ['a', '0/0', '', '0', '60m', '', '']],
    [
      'a finished Job',
      JOBS,
      {
        spec: { completions: 3 },
        status: {
          succeeded: 3,
          startTime: '2026-01-01T00:00:00Z',
          completionTime: '2026-01-01T00:00:42Z',
          conditions: [{ type: 'Complete', status: 'True' }],
        },
      },
      ['a', 'Complete', '3/3', '42s', '60m'],
    ],
    ['a ConfigMap', CONFIG_MAPS, { data: { x: '', y: '' }, binaryData: { z: '' } }, ['a', 3, '60m']],
    [
      'a headless Service',
      SERVICES,
      { spec: { clusterIP: 'None', ports: [{ port: 2222 }] } },
      ['a', 'ClusterIP', 'None', '<none>', '2222/TCP', '60m'],
    ],
    [
      'an Event',
      EVENTS,
      { type: 'Normal', reason: 'R', message: 'M', involvedObject: { kind: 'Trial', name: 't' } },
      ['<unknown>', 'Normal', 'R', 'trial/t', 'M'],
    ],
  ])('%s', (_case, resource, content, expected) => {
    expect(cells(resource, content)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['.status.conditions[-1:].type', 'Running'],
    ['.status.conditions[0].type', 'Created'],
    ['.status.count', 3],
    ['.status.conditions[0]', '{"type":"Created"}'],
    ['.status.absent.deeper', ''],
    ['.status.conditions[7].type', ''],
  ])('of a CustomResourceDefinition: %s', (jsonPath, expected) => {
    const columns = printerColumns([{ name: 'X', type: 'string', jsonPath }]);
    const object = stored({ status: { count: 3, conditions: [{ type: 'Created' }, { type: 'Running' }] } });
    expect(columns.map((column) => column.cell(object, NOW_MS))).toEqual(['a', expected]);
  });

  it('a path that is not understood is an error at once', () => {
    expect(() => printerColumns([{ name: 'X', type: 'string', jsonPath: '.a[?(@.b)]' }])).toThrow(
      '.a[?(@.b)]',
    );
  });
});
