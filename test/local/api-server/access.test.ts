import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { raw, type RawOptions } from './raw-request.ts';

const SECRETS = '/api/v1/namespaces/default/secrets';
const EXPERIMENTS = '/apis/kubeflow.org/v1beta1/namespaces/default/experiments';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const withHost = (host: string): RawOptions => ({ headers: { host } });
const withOrigin = (origin: string): RawOptions => ({ headers: { origin } });

describe('access to the API server', () => {
  it.each<[string, string, RawOptions, number]>([
    ['reading secrets without a token', SECRETS, { token: null }, 401],
    ['reading secrets with a wrong token', SECRETS, { token: 'wrong' }, 401],
    ['reading secrets with the token', SECRETS, {}, 200],
    ['a token of another scheme', SECRETS, { token: null, headers: { authorization: 'Basic x' } }, 401],
    ['reading experiments without a token', EXPERIMENTS, { token: null }, 401],
    ['creating without a token', EXPERIMENTS, { token: null, method: 'POST', body: '{}' }, 401],
    ['deleting without a token', `${EXPERIMENTS}/a`, { token: null, method: 'DELETE' }, 401],
    ['patching without a token', `${EXPERIMENTS}/a`, { token: null, method: 'PATCH', body: '{}' }, 401],
    ['reading logs without a token', '/api/v1/namespaces/default/pods/a/log', { token: null }, 401],
    ['writing to an open path without a token', '/version', { token: null, method: 'POST' }, 401],
    ['a path that climbs out of an open one', '/api/v1/../v1/secrets', { token: null }, 401],
  ])('%s is answered as it should be', async (_case, path, options, status) => {
    const answer = await raw(server, path, options);
    expect(answer.status).toBe(status);
    if (status === 401)
      expect(answer.json).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 });
  });

  it.each([
    '/version',
    '/healthz',
    '/livez',
    '/readyz',
    '/api',
    '/apis',
    '/api/v1',
    '/apis/kubeflow.org/v1beta1',
    '/openapi/v3',
  ])('%s needs no token', async (path) => {
    expect((await raw(server, path, { token: null })).status).toBe(200);
  });

  it.each([
    ['evil.example', 403],
    ['evil.example:80', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost.evil.example', 403],
    ['evil.example@127.0.0.1', 403],
    ['169.254.169.254', 403],
    ['0.0.0.0', 403],
    ['localhost', 200],
    ['LOCALHOST:1234', 200],
    ['127.0.0.1:1234', 200],
    ['[::1]:1234', 200],
  ])('the Host %s, as in DNS rebinding, is answered with %d, token or not', async (host, status) => {
    expect((await raw(server, SECRETS, withHost(host))).status).toBe(status);
    expect((await raw(server, '/version', { ...withHost(host), token: null })).status).toBe(status);
  });

  it.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://localhost:1', 403],
  ])('the foreign Origin %s is refused, token or not', async (origin, status) => {
    expect((await raw(server, SECRETS, withOrigin(origin))).status).toBe(status);
    expect((await raw(server, '/version', { ...withOrigin(origin), token: null })).status).toBe(status);
  });

  it('its own Origin is accepted', async () => {
    expect((await raw(server, SECRETS, withOrigin(server.url))).status).toBe(200);
  });

  it('a body of more than 3 MiB is refused', async () => {
    const body = JSON.stringify({ metadata: { name: 'big' }, data: { a: 'x'.repeat(3 * 1024 * 1024) } });
    const answer = await raw(server, '/api/v1/namespaces/default/configmaps', { method: 'POST', body });
    expect(answer.json).toMatchObject({ kind: 'Status', reason: 'RequestEntityTooLarge', code: 413 });
  });

  it('no answer shows where in the program it came from', async () => {
    for (const path of ['/%ff', '/api/v1/namespaces/%zz/pods', '/nothing', '/api/v1/pods?limit=x']) {
      const answer = await raw(server, path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.json).toMatchObject({ kind: 'Status', status: 'Failure' });
      expect(answer.text).not.toMatch(/\.ts|node_modules|at /);
      expect(answer.headers['x-powered-by']).toBeUndefined();
    }
  });
});
