import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_MAPS, EXPERIMENTS } from '../../../kube/resource.ts';
import { experiment } from '../../contract/kube-client/fixtures.ts';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { openRaw, raw, watchRaw } from './raw-request.ts';

const PATH = '/api/v1/namespaces/default/configmaps?watch=true';
const HISTORY_LIMIT = 250;

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ historyLimit: HISTORY_LIMIT });
});
afterEach(() => server.close());

async function create(name: string): Promise<string> {
  const metadata = { namespace: 'default', name };
  const object = await server.client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  return object.metadata.resourceVersion;
}

describe('a watch over HTTP', () => {
  it('sends what exists and then a bookmark, and ends when its time is up', async () => {
    const version = await create('a');
    const events = await watchRaw(server, `${PATH}&allowWatchBookmarks=true&timeoutSeconds=1`);
    expect(events).toMatchObject([
      { type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'a' } } },
      { type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: version } } },
    ]);
  });

  it('of a version goes on from there', async () => {
    const version = await create('a');
    await create('b');
    const events = await watchRaw(server, `${PATH}&resourceVersion=${version}&timeoutSeconds=1`);
    expect(events).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'b' } } }]);
  });

  it('of a version that is too old ends with an ERROR event of 410', async () => {
    const version = await create('first');
    for (let write = 0; write < 2 * HISTORY_LIMIT; write++) await create(`write-${write}`);
    const events = await watchRaw(server, `${PATH}&resourceVersion=${version}`);
    expect(events).toMatchObject([
      { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } },
    ]);
  });

  it.each([
    ['sendInitialEvents=true&resourceVersionMatch=NotOlderThan', 422],
    ['labelSelector=a%20in%20x', 400],
    ['resourceVersion=abc', 400],
    ['timeoutSeconds=soon', 400],
  ])('with %s is refused at once', async (query, code) => {
    expect((await raw(server, `${PATH}&${query}`)).json).toMatchObject({ kind: 'Status', code });
  });

  it('shows tables to who wants them, with the columns in the first', async () => {
    await server.client.create(EXPERIMENTS, experiment('default', 'a'));
    await server.client.create(EXPERIMENTS, experiment('default', 'b'));
    const path = '/apis/kubeflow.org/v1beta1/experiments?watch=true&timeoutSeconds=1';
    const events = await watchRaw(server, path, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    expect(events).toMatchObject([
      {
        type: 'ADDED',
        object: { kind: 'Table', columnDefinitions: [{ name: 'Name' }, {}, {}, {}], rows: [{}] },
      },
      { type: 'ADDED', object: { kind: 'Table', columnDefinitions: null, rows: [{}] } },
    ]);
  });

  it('ends with the server', async () => {
    const response = await openRaw(server, PATH);
    expect(response.statusCode).toBe(200);
    const ended = new Promise((resolve) => response.once('close', resolve));
    response.on('error', () => undefined).resume();
    await server.close();
    await ended;
  });
});
