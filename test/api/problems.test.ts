import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { recordingLogger, type LogLine } from '../support/recording-logger.ts';
import { posting, startRestServer, type RestServer } from '../support/rest-server.ts';
import { EXPERIMENT_PATH, EXPERIMENTS_PATH, experimentObject, storeExperiment } from './fixtures.ts';

let server: RestServer;
beforeAll(async () => {
  server = await startRestServer();
  await storeExperiment(server.client);
});
afterAll(() => server.close());

const yaml = { 'content-type': 'application/yaml' };

describe('a problem', () => {
  it.each<[string, string, RequestInit | undefined, number, string]>([
    ['an unknown address', '/api/v1/nothing', undefined, 404, 'REST_NO_SUCH_PATH'],
    ['an unknown verb', `${EXPERIMENT_PATH}:jump`, { method: 'POST' }, 404, 'REST_NO_SUCH_PATH'],
    ['an unknown experiment', `${EXPERIMENTS_PATH}/other`, undefined, 404, 'REST_NOT_FOUND'],
    ['an unknown trial', `${EXPERIMENT_PATH}/trials/exp-1`, undefined, 404, 'REST_NOT_FOUND'],
    ['a search that has not begun', `${EXPERIMENT_PATH}/suggestion`, undefined, 404, 'REST_NOT_FOUND'],
    ['a broken path', '/api/v1/namespaces/%E0/experiments', undefined, 400, 'REST_BAD_REQUEST'],
    ['another method', EXPERIMENT_PATH, { method: 'PUT' }, 405, 'REST_METHOD_NOT_ALLOWED'],
    ['another format', EXPERIMENT_PATH, { headers: { accept: 'image/png' } }, 406, 'REST_NOT_ACCEPTABLE'],
    ['a name that is taken', EXPERIMENTS_PATH, posting(experimentObject()), 409, 'REST_ALREADY_EXISTS'],
    ['broken JSON', EXPERIMENTS_PATH, { ...posting({}), body: '{"a":' }, 400, 'REST_BODY_MALFORMED'],
    ['no body', EXPERIMENTS_PATH, { method: 'POST', headers: yaml }, 400, 'REST_BODY_MALFORMED'],
    [
      'two documents',
      EXPERIMENTS_PATH,
      { method: 'POST', body: 'a: 1\n---\nb: 2', headers: yaml },
      400,
      'REST_BODY_MALFORMED',
    ],
    [
      'no UTF-8',
      EXPERIMENTS_PATH,
      { ...posting({}), body: new Uint8Array([0xff, 0xfe]) },
      400,
      'REST_BODY_MALFORMED',
    ],
    ['a list', EXPERIMENTS_PATH, posting([1]), 422, 'REST_BODY_INVALID'],
    ['an empty experiment', EXPERIMENTS_PATH, posting({}), 422, 'SPEC_INVALID'],
    [
      'a form',
      EXPERIMENTS_PATH,
      { method: 'POST', body: new URLSearchParams({ a: '1' }) },
      415,
      'REST_UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'an unknown encoding',
      EXPERIMENTS_PATH,
      posting({}, { 'content-encoding': 'zip' }),
      415,
      'REST_UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'too much',
      EXPERIMENTS_PATH,
      { ...posting({}), body: ' '.repeat(3 * 2 ** 20 + 1) },
      413,
      'REST_BODY_TOO_LARGE',
    ],
    [
      'too much, packed',
      EXPERIMENTS_PATH,
      { ...posting({}, { 'content-encoding': 'gzip' }), body: gzipSync(' '.repeat(2 ** 23)) },
      413,
      'REST_BODY_TOO_LARGE',
    ],
    ['no If-Match', EXPERIMENT_PATH, { ...posting({}), method: 'PATCH' }, 428, 'REST_PRECONDITION_REQUIRED'],
    [
      'an old If-Match',
      EXPERIMENT_PATH,
      { ...posting({}, { 'if-match': '"0"' }), method: 'PATCH' },
      412,
      'REST_PRECONDITION_FAILED',
    ],
    ['an unknown parameter', `${EXPERIMENTS_PATH}?limt=1`, undefined, 400, 'REST_PARAMETER_INVALID'],
    [
      'a parameter given twice',
      `${EXPERIMENTS_PATH}?limit=1&limit=2`,
      undefined,
      400,
      'REST_PARAMETER_INVALID',
    ],
    ['a limit that is none', `${EXPERIMENTS_PATH}?limit=many`, undefined, 400, 'REST_PARAMETER_INVALID'],
    ['a limit of nothing', `${EXPERIMENTS_PATH}?limit=0`, undefined, 400, 'REST_PARAMETER_INVALID'],
    ['a limit beyond all', `${EXPERIMENTS_PATH}?limit=1001`, undefined, 400, 'REST_PARAMETER_INVALID'],
    ['an unknown field', `${EXPERIMENTS_PATH}?fields=nam`, undefined, 400, 'REST_PARAMETER_INVALID'],
    ['a cursor that is none', `${EXPERIMENTS_PATH}?cursor=x`, undefined, 400, 'REST_CURSOR_INVALID'],
    ['a filter with a mistake', `${EXPERIMENTS_PATH}?filter=status`, undefined, 400, 'QUERY_SYNTAX'],
    ['an order with a mistake', `${EXPERIMENTS_PATH}?sort=nam`, undefined, 400, 'QUERY_FIELD_UNKNOWN'],
    [
      'a wrong dryRun',
      `${EXPERIMENTS_PATH}?dryRun=Some`,
      posting(experimentObject('b')),
      400,
      'REST_PARAMETER_INVALID',
    ],
    [
      'a key of nothing',
      EXPERIMENTS_PATH,
      posting(experimentObject('b'), { 'idempotency-key': 'a b' }),
      400,
      'REST_PARAMETER_INVALID',
    ],
  ])('tells of %s', async (_, path, init, status, code) => {
    const { headers, body, at } = await server.json(path, init);
    expect(body).toMatchObject({
      type: `urn:katydid:problem:${code}`,
      status,
      code,
      instance: path.split('?')[0],
      retryable: false,
      requestId: headers.get('x-request-id'),
    });
    expect([at('title'), at('detail')]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('names the methods that an address takes', async () => {
    const { headers } = await server.fetch(EXPERIMENT_PATH, { method: 'PUT' });
    expect(headers.get('allow')).toContain('GET, HEAD');
  });

  it('gives each mistake of a body with its place, what is wrong and what to write', async () => {
    const body = [
      'metadata:',
      '  name: bad',
      'spec:',
      '  objective:',
      '    type: minimise',
      '    objectiveMetricName: loss',
      '  parallelTrialCount: "2"',
    ].join('\n');
    const answer = await server.json(EXPERIMENTS_PATH, { method: 'POST', body, headers: yaml });
    expect(answer).toMatchObject({ status: 422, body: { code: 'SPEC_INVALID' } });
    expect(answer.at('errors')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          pointer: '/spec/objective/type',
          line: 5,
          column: 5,
          code: 'SPEC_VALUE_NOT_ALLOWED',
          hint: 'Did you mean "minimize"?',
        }),
        expect.objectContaining({ pointer: '/spec/parallelTrialCount', line: 7, code: 'SPEC_WRONG_TYPE' }),
        expect.objectContaining({ pointer: '/spec/trialTemplate', code: 'SPEC_REQUIRED' }),
      ]),
    );
  });

  it('gives the line of what is no YAML and no JSON', async () => {
    const malformed = async (body: string, type: string): Promise<unknown> => {
      const init = { method: 'POST', body, headers: { 'content-type': type } };
      return (await server.json(EXPERIMENTS_PATH, init)).at('errors');
    };
    expect(await malformed('a: 1\nb: [', 'application/yaml')).toMatchObject([{ line: 2 }]);
    expect(await malformed('{\n "a": 1,\n "b" }', 'application/json')).toMatchObject([{ line: 3 }]);
  });

  it('points into a filter', async () => {
    const { at } = await server.json(`${EXPERIMENTS_PATH}?filter=${encodeURIComponent('status = Runing')}`);
    expect(at('errors')).toMatchObject([
      { parameter: 'filter', column: 10, hint: 'Did you mean "Running"?' },
    ]);
  });

  it('suggests the experiment that was meant', async () => {
    expect((await server.json(`${EXPERIMENTS_PATH}/exq`)).at('hint')).toBe('Did you mean "exp"?');
    expect((await server.json('/api/v1/namespaces/other/experiments/exp')).at('hint')).toContain(
      'namespace default',
    );
  });
});

describe('a failure of ours', () => {
  async function failing(error: Error): Promise<{ server: RestServer; lines: LogLine[] }> {
    const logger = recordingLogger();
    const client = { list: () => Promise.reject(error) } as unknown as KubeClient;
    return { server: await startRestServer({ logger, more: { client } }), lines: logger.lines };
  }

  it('says nothing of itself, and is found in the log by its requestId', async () => {
    const { server: broken, lines } = await failing(new TypeError('secret of the house'));
    const { status, body, at } = await broken.json('/api/v1/experiments');
    await broken.close();
    expect([status, at('code')]).toEqual([500, 'REST_INTERNAL']);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(JSON.stringify(lines)).toContain(String(at('requestId')));
    expect(JSON.stringify(lines)).toContain('secret of the house');
  });

  it.each([
    ['ServiceUnavailable', 503, 'REST_UNAVAILABLE', '1'],
    ['TooManyRequests', 429, 'REST_TOO_MANY_REQUESTS', '1'],
    ['Timeout', 504, 'REST_TIMEOUT', null],
    ['Expired', 410, 'REST_EXPIRED', null],
  ] as const)('of kind %s is answered with %i', async (reason, status, code, retryAfter) => {
    const { server: broken } = await failing(new ApiError(reason, 'not now'));
    const answer = await broken.json('/api/v1/experiments');
    const ready = await broken.fetch('/readyz');
    await broken.close();
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(ready.status).toBe(503);
  });
});
