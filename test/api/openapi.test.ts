import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUGGESTIONS } from '../../kube/resource.ts';
import { reportUrl } from '../../api/report/report-url.ts';
import { posting, startRestServer, type RestServer } from '../support/rest-server.ts';
import { describedApi, type DescribedApi, type OpenApi, type DescribedOperation } from './described-api.ts';
import { experimentObject, storeExperiment, storeTrial } from './fixtures.ts';
import '../support/property-seed.ts';

let server: RestServer;
let api: DescribedApi;
let document: OpenApi;
/** The uid of a trial that runs. */
let reporting: string;

beforeAll(async () => {
  server = await startRestServer();
  document = (await server.json('/openapi.json')).body as OpenApi;
  api = describedApi(document);
  await storeExperiment(server.client);
  await storeExperiment(server.client, 'doomed');
  await storeTrial(server.client, { index: 0, state: 'Succeeded', loss: 0.5 });
  await storeTrial(server.client, { index: 1, state: 'Failed', loss: 'nan' });
  const { metadata } = await storeTrial(server.client, { index: 2, state: 'Running' });
  reporting = metadata.uid;
  const suggestion = await server.client.create(SUGGESTIONS, {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Suggestion',
    metadata: { name: 'exp', namespace: 'default' },
    spec: { algorithm: { algorithmName: 'random' }, requests: 3 },
  });
  const suggestions = [{ name: 'exp-2', parameterAssignments: [{ name: 'x', value: '0.5' }] }];
  await server.client.updateStatus(SUGGESTIONS, {
    ...suggestion,
    status: { suggestionCount: 3, suggestions },
  });
});
afterAll(() => server.close());

const NAMES: Readonly<Record<string, string>> = { namespace: 'default', experiment: 'exp', trial: 'exp-0' };

function address(path: string, names = NAMES): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? 'exp-0'));
}

/** What is deleted is nothing that the others need. */
function namesFor({ operationId }: DescribedOperation): Readonly<Record<string, string>> {
  if (operationId === 'deleteExperiment') return { ...NAMES, experiment: 'doomed' };
  if (operationId !== 'report') return NAMES;
  const capability = reportUrl('', server.options.reportKey, reporting).split('/').at(-1) ?? '';
  return { ...NAMES, trialUid: reporting, capability };
}

/** What makes an operation succeed; those that need nothing are not listed. */
const REQUESTS: Readonly<Record<string, RequestInit>> = {
  createExperiment: posting(experimentObject('new')),
  patchExperiment: { ...posting({ spec: { maxTrialCount: 9 } }, { 'if-match': '*' }), method: 'PATCH' },
  validateExperiment: posting(experimentObject()),
  previewExperiment: posting(experimentObject()),
  extendExperiment: posting({ maxTrials: { by: 1 } }),
  report: posting({ loss: 0.5 }),
};

async function ask(operation: DescribedOperation, path: string, init: RequestInit = {}): Promise<Response> {
  const method = operation.method.toUpperCase();
  return server.fetch(path, { method, ...init });
}

describe('/openapi.json', () => {
  it('describes each operation once, with its parameters, and refers to nothing that is not there', () => {
    const ids = api.operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(12);
    for (const { path, parameters } of api.operations) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
      expect([path, ...inPath.sort()]).toEqual([path, ...(path.match(/\{\w+\}/g) ?? []).sort()]);
    }
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    for (const reference of new Set(references)) {
      const name = /#\/components\/schemas\/(\w+)"$/.exec(reference)?.[1] ?? reference;
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
  });

  it('is what every operation answers: successes, and things that do not exist', async () => {
    const succeeded: string[] = [];
    for (const operation of api.operations) {
      const init = REQUESTS[operation.operationId];
      const response = await ask(operation, address(operation.path, namesFor(operation)), init);
      if (response.ok) succeeded.push(operation.operationId);
      await api.check(operation, response);
      const nowhere = { namespace: 'none', experiment: 'none', trial: 'none' };
      await api.check(operation, await ask(operation, address(operation.path, nowhere), init));
    }
    const wanted = api.operations.map(({ operationId }) => operationId);
    expect(wanted.filter((operationId) => !succeeded.includes(operationId))).toEqual([]);
  });

  it('is what refused requests get', async () => {
    const refusals: RequestInit[] = [
      { headers: { authorization: 'Bearer wrong' } },
      { headers: { origin: 'https://evil.example' } },
      { headers: { accept: 'image/png' } },
      { headers: { 'if-none-match': '*', 'if-match': '"0"' } },
    ];
    const bodies: RequestInit[] = [
      posting({ no: 'such' }),
      posting([]),
      { body: '{', headers: { 'content-type': 'application/json' } },
      { body: 'x', headers: { 'content-type': 'application/octet-stream' } },
      { body: 'x'.repeat(3 * 2 ** 20 + 1), headers: { 'content-type': 'application/json' } },
      posting({ spec: {} }, { 'idempotency-key': ' ' }),
    ];
    for (const operation of api.operations) {
      const isWrite = operation.method !== 'get';
      for (const init of [...refusals, ...(isWrite ? bodies : [])]) {
        const response = await ask(operation, address(operation.path), {
          ...init,
          method: operation.method.toUpperCase(),
        });
        await api.check(operation, response);
      }
      await api.check(operation, await ask(operation, `${address(operation.path)}?nonsense=1`));
    }
  });

  it('is what lists answer whatever they are asked: no answer is a failure of ours', async () => {
    const lists = api.operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'));
    expect(lists.length).toBeGreaterThanOrEqual(3);
    const piece = fc.constantFrom(
      'status',
      'objective',
      'params.x',
      'name',
      '=',
      '<',
      ':',
      '"',
      '(',
      'NOT',
      'AND',
      'desc',
      ',',
      '*',
      '1',
      'NaN',
      '.',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(' ')),
    );
    const query = fc.record(
      {
        filter: text,
        sort: text,
        cursor: text,
        fields: text,
        limit: fc.oneof(fc.integer().map(String), text),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lists), query, async (operation, asked) => {
        const search = new URLSearchParams(
          Object.entries(asked).map(([name, value]): [string, string] => [name, value.toWellFormed()]),
        );
        const response = await ask(operation, `${address(operation.path)}?${String(search)}`);
        expect([200, 400]).toContain(response.status);
        await api.check(operation, response);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('is what bodies of any kind get', async () => {
    const writes = api.operations.filter(({ bodyTypes }) => bodyTypes.length > 0);
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('&a [*a]', '{a: *b}', '- '.repeat(500), '['.repeat(5_000)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...writes), body, fc.nat(), async (operation, text, at) => {
        const type = operation.bodyTypes[at % operation.bodyTypes.length] ?? '';
        const headers = { 'content-type': type, 'if-match': '*' };
        const response = await ask(operation, address(operation.path), { body: text, headers });
        expect(response.status).toBeLessThan(500);
        await api.check(operation, response);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
