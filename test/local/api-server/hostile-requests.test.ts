import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PODS } from '../../../kube/resource.ts';
import { pod } from '../../contract/kube-client/fixtures.ts';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { raw } from './raw-request.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.client.create(PODS, pod('default', 'a'));
});
afterAll(() => server.close());

const PATCH_TYPES = [
  'merge-patch+json',
  'json-patch+json',
  'strategic-merge-patch+json',
  'apply-patch+yaml',
  'json',
];
const FIELDS = [
  'metadata',
  'spec',
  'status',
  'containers',
  'labels',
  'finalizers',
  'name',
  '$patch',
  '$retainKeys',
  '__proto__',
];

/** JSON whose keys are those that mean something, so that it gets far. */
const document = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, 'a', 'delete', 'replace', '', 0, -1, 1e308, true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...FIELDS), fc.string()), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const operations = fc.array(
  fc.record(
    {
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
      path: fc.oneof(
        fc.constantFrom('', '/metadata', '/spec/containers/0', '/spec/containers/-', '/__proto__/x'),
        fc.string(),
      ),
      from: fc.constantFrom('', '/metadata', '/spec'),
      value: document,
    },
    { requiredKeys: ['op'] },
  ),
  { maxLength: 3 },
);

describe('no request, however malformed, is answered with a failure of the server', () => {
  it('patches of every type', async () => {
    const path = '/api/v1/namespaces/default/pods/a?dryRun=All';
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATCH_TYPES),
        fc.oneof(document, operations).map((body) => JSON.stringify(body)),
        async (type, body) => {
          const headers = { 'content-type': `application/${type}` };
          expect((await raw(server, path, { method: 'PATCH', headers, body })).status).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('selectors and options', async () => {
    const name = fc.constantFrom(
      'labelSelector',
      'fieldSelector',
      'limit',
      'continue',
      'resourceVersion',
      'dryRun',
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'binary' }))), async (query) => {
        const path = `/api/v1/pods?${new URLSearchParams(query).toString()}`;
        expect((await raw(server, path)).status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });

  it('paths', async () => {
    const step = fc.oneof(
      fc.constantFrom('api', 'apis', 'v1', 'namespaces', 'pods', 'a', 'log', '..', '%2e%2e', '%00', ''),
      fc.webPath(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        expect((await raw(server, `/${steps.join('/')}`)).status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });
});
