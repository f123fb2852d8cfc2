import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_MAPS, EXPERIMENTS, PODS } from '../../../kube/resource.ts';
import { experiment, pod } from '../../contract/kube-client/fixtures.ts';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { raw, type RawAnswer } from './raw-request.ts';

const CONFIG_MAP_PATH = '/api/v1/namespaces/default/configmaps';
const POD_PATH = '/api/v1/namespaces/default/pods';
const EXPERIMENT_PATH = '/apis/kubeflow.org/v1beta1/namespaces/default/experiments';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  return raw(server, path, { method: 'POST', body, headers });
}

function patch(path: string, type: string, body: unknown): Promise<RawAnswer> {
  const headers = { 'content-type': `application/${type}` };
  return raw(server, path, { method: 'PATCH', headers, body: JSON.stringify(body) });
}

async function names(): Promise<string[]> {
  return (await server.client.list(CONFIG_MAPS)).items.map(({ metadata }) => metadata.name);
}

describe('bodies', () => {
  it('are JSON or YAML, and may leave out what the path says', async () => {
    const json = await post(CONFIG_MAP_PATH, '{"metadata":{"name":"a"},"data":{"k":"v"}}');
    expect(json.status).toBe(201);
    expect(json.json).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } });
    const yaml = await post(CONFIG_MAP_PATH, 'metadata: {name: b}\ndata: {k: v}\n', {
      'content-type': 'application/yaml',
    });
    expect(yaml.status).toBe(201);
    expect(await names()).toEqual(['a', 'b']);
  });

  it.each([
    ['JSON that is cut off', '{"metadata":', {}, 400, 'BadRequest'],
    ['a list', '[]', {}, 400, 'BadRequest'],
    ['metadata that is a text', '{"metadata":"x"}', {}, 400, 'BadRequest'],
    ['another namespace', '{"metadata":{"name":"a","namespace":"b"}}', {}, 400, 'BadRequest'],
    ['another kind', '{"kind":"Secret","metadata":{"name":"a"}}', {}, 400, 'BadRequest'],
    [
      'malformed protobuf',
      'k8s',
      { 'content-type': 'application/vnd.kubernetes.protobuf' },
      400,
      'BadRequest',
    ],
    [
      'protobuf of a kind that is not read',
      'k8s\0\n\x0d\n\x02v1\x12\x07Service',
      { 'content-type': 'application/vnd.kubernetes.protobuf' },
      415,
      'UnsupportedMediaType',
    ],
    ['another format', '<a/>', { 'content-type': 'application/xml' }, 415, 'UnsupportedMediaType'],
  ])('%s is refused', async (_case, body, headers, code, reason) => {
    expect((await post(CONFIG_MAP_PATH, body, headers)).json).toMatchObject({ kind: 'Status', code, reason });
  });

  it('an invalid object is told with the kind and every cause', async () => {
    const { json } = await post(CONFIG_MAP_PATH, '{"metadata":{"name":"A_b"}}');
    expect(json).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: { kind: 'configmaps', causes: [{ field: 'metadata.name', reason: 'FieldValueInvalid' }] },
    });
  });
});

describe('dry run', () => {
  it('answers as the write would, and stores nothing', async () => {
    const created = await post(`${CONFIG_MAP_PATH}?dryRun=All`, '{"metadata":{"name":"a"}}');
    expect(created.status).toBe(201);
    expect(await names()).toEqual([]);
    await post(CONFIG_MAP_PATH, '{"metadata":{"name":"a"}}');
    const again = await post(`${CONFIG_MAP_PATH}?dryRun=All`, '{"metadata":{"name":"a"}}');
    expect(again.json).toMatchObject({ reason: 'AlreadyExists' });
    const patched = await patch(`${CONFIG_MAP_PATH}/a?dryRun=All`, 'merge-patch+json', { data: { k: 'v' } });
    expect(patched.json).toMatchObject({ data: { k: 'v' } });
    const body = JSON.stringify({ dryRun: ['All'] });
    expect((await raw(server, `${CONFIG_MAP_PATH}/a`, { method: 'DELETE', body })).status).toBe(200);
    const stored = await server.client.get(CONFIG_MAPS, { namespace: 'default', name: 'a' });
    expect(stored.data).toBeUndefined();
  });

  it('another value is refused', async () => {
    expect((await post(`${CONFIG_MAP_PATH}?dryRun=Some`, '{"metadata":{"name":"a"}}')).status).toBe(422);
  });
});

describe('patches', () => {
  beforeEach(async () => {
    await server.client.create(PODS, { ...pod('default', 'a') });
    await server.client.create(EXPERIMENTS, experiment('default', 'e'));
  });

  it('merge containers by name where they are strategic', async () => {
    const body = {
      spec: {
        containers: [
          { name: 'main', image: 'new' },
          { name: 'second', image: 'x' },
        ],
      },
    };
    const { json } = await patch(`${POD_PATH}/a`, 'strategic-merge-patch+json', body);
    expect(json).toMatchObject({
      spec: {
        containers: [
          { name: 'main', image: 'new', command: ['sleep', '1'] },
          { name: 'second', image: 'x' },
        ],
      },
    });
  });

  it('touch the status through its path only', async () => {
    const body = { status: { phase: 'Running' } };
    const main = await patch(`${POD_PATH}/a`, 'strategic-merge-patch+json', body);
    expect(main.json).toMatchObject({ status: { phase: 'Pending' } });
    const status = await patch(`${POD_PATH}/a/status`, 'strategic-merge-patch+json', body);
    expect(status.json).toMatchObject({ status: { phase: 'Running' } });
  });

  it.each([
    ['strategic-merge-patch+json', /custom resource/],
    ['apply-patch+yaml', /server-side apply is not supported/],
    ['unheard-of+json', /not understood/],
  ])('%s on a custom resource is 415 and says so', async (type, message) => {
    const { status, json } = await patch(`${EXPERIMENT_PATH}/e`, type, {});
    expect(status).toBe(415);
    expect((json as { message: string }).message).toMatch(message);
  });

  it.each<[string, unknown, number]>([
    ['merge-patch+json', [], 400],
    ['json-patch+json', { op: 'add' }, 400],
    ['json-patch+json', [{ op: 'test', path: '/kind', value: 'x' }], 422],
    ['strategic-merge-patch+json', { spec: { containers: [{ image: 'x' }, { name: 'main' }] } }, 400],
    ['merge-patch+json', { metadata: { resourceVersion: '1' } }, 409],
    ['strategic-merge-patch+json', { metadata: { resourceVersion: '1' } }, 409],
  ])('%s of %j is %d', async (type, body, code) => {
    expect((await patch(`${POD_PATH}/a`, type, body)).json).toMatchObject({ kind: 'Status', code });
  });
});

describe('tables', () => {
  interface Table {
    columnDefinitions: { name: string; priority: number }[];
    rows: { cells: unknown[]; object?: { kind: string } }[];
  }

  async function table(path: string): Promise<Table> {
    return (await raw(server, path, { headers: { accept: TABLE } })).json as Table;
  }

  it("show Experiments in Katib's columns", async () => {
    await server.client.create(EXPERIMENTS, experiment('default', 'e'));
    const conditions = [
      { type: 'Created', status: 'True' },
      { type: 'Running', status: 'True' },
    ];
    const body = { status: { conditions } };
    await server.client.patchStatus(
      EXPERIMENTS,
      { namespace: 'default', name: 'e' },
      { type: 'merge', body },
    );
    for (const path of [EXPERIMENT_PATH, `${EXPERIMENT_PATH}/e`]) {
      const { columnDefinitions, rows } = await table(path);
      expect(columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Type', 'Status', 'Age']);
      expect(rows[0]?.cells).toEqual(['e', 'Running', 'True', expect.stringMatching(/^\d+s$/)]);
      expect(rows[0]?.object?.kind).toBe('PartialObjectMetadata');
    }
    const whole = await table(`${EXPERIMENT_PATH}?includeObject=Object`);
    expect(whole.rows[0]?.object?.kind).toBe('Experiment');
    expect((await table(`${EXPERIMENT_PATH}?includeObject=None`)).rows[0]).not.toHaveProperty('object');
  });

  it.each([
    ['/apis/kubeflow.org/v1beta1/suggestions', ['Name', 'Type', 'Status', 'Requested', 'Assigned', 'Age']],
    ['/apis/kubeflow.org/v1/tfjobs', ['Name', 'State', 'Age']],
    ['/api/v1/pods', ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node']],
    ['/apis/batch/v1/jobs', ['Name', 'Status', 'Completions', 'Duration', 'Age']],
    ['/api/v1/events', ['Last Seen', 'Type', 'Reason', 'Object', 'Message']],
    ['/apis/coordination.k8s.io/v1/leases', ['Name', 'Holder', 'Age']],
  ])('%s has the columns %j', async (path, columns) => {
    expect((await table(path)).columnDefinitions.map(({ name }) => name)).toEqual(columns);
  });

  it('metadata alone, and nothing that is not spoken', async () => {
    await server.client.create(EXPERIMENTS, experiment('default', 'e'));
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const partial = await raw(server, EXPERIMENT_PATH, { headers: { accept } });
    expect(partial.json).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{ metadata: { name: 'e' } }],
    });
    expect(partial.text).not.toContain('objective');
    expect((await raw(server, EXPERIMENT_PATH, { headers: { accept: 'text/html' } })).status).toBe(406);
  });
});

describe('deletion', () => {
  it('takes its options from the body or the query', async () => {
    await server.client.create(CONFIG_MAPS, { ...configMap('a') });
    const wrong = JSON.stringify({ preconditions: { uid: 'other' } });
    expect((await raw(server, `${CONFIG_MAP_PATH}/a`, { method: 'DELETE', body: wrong })).status).toBe(409);
    const path = `${CONFIG_MAP_PATH}/a?propagationPolicy=Orphan&gracePeriodSeconds=0`;
    expect((await raw(server, path, { method: 'DELETE' })).json).toMatchObject({
      metadata: { finalizers: ['orphan'] },
    });
    const bad = await raw(server, `${CONFIG_MAP_PATH}/a?propagationPolicy=Sometimes`, { method: 'DELETE' });
    expect(bad.status).toBe(400);
  });

  it('of a collection spares what the selector does not choose', async () => {
    for (const name of ['a', 'b', 'c']) await server.client.create(CONFIG_MAPS, configMap(name));
    const path = `${CONFIG_MAP_PATH}?fieldSelector=${encodeURIComponent('metadata.name!=b')}`;
    expect((await raw(server, path, { method: 'DELETE' })).status).toBe(200);
    expect(await names()).toEqual(['b']);
  });
});

describe('paths', () => {
  it.each([
    ['GET', '/api/v1/namespaces/default/unknowns', 404],
    ['GET', `${CONFIG_MAP_PATH}/a/status`, 404],
    ['GET', `${POD_PATH}/a/exec`, 404],
    ['PUT', CONFIG_MAP_PATH, 405],
    ['POST', `${CONFIG_MAP_PATH}/a`, 405],
    ['DELETE', `${POD_PATH}/a/status`, 405],
    ['POST', '/api/v1/configmaps', 400],
    ['GET', '/api/v1/namespaces/default/namespaces', 404],
    ['GET', '/api/v1/namespaces/default', 404],
  ])('%s %s is %d', async (method, path, code) => {
    const body = method === 'POST' ? '{"metadata":{"name":"a"}}' : '';
    expect((await raw(server, path, { method, body })).json).toMatchObject({ kind: 'Status', code });
  });
});

function configMap(name: string): {
  apiVersion: string;
  kind: string;
  metadata: { namespace: string; name: string };
} {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name } };
}
