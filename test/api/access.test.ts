import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeDiskSpace } from '../support/fake-disk-space.ts';
import { startRestServer, type RestServer } from '../support/rest-server.ts';

let server: RestServer;
beforeAll(async () => {
  server = await startRestServer();
});
afterAll(() => server.close());

interface Operation {
  path: string;
  method: string;
  isOpen: boolean;
}

async function operations(): Promise<Operation[]> {
  const paths = (await server.json('/openapi.json')).at('paths');
  return Object.entries(paths as Record<string, Record<string, { security?: unknown[] }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        path: path.replace(/\{\w+\}/g, 'x'),
        method: method.toUpperCase(),
        isOpen: security?.length === 0,
      })),
  );
}

/** `fetch` does not let one choose the Host. */
function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${server.url}/healthz`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('strangers', () => {
  it('get nothing without a token but what says that the server is there', async () => {
    const all = await operations();
    expect(all.filter(({ isOpen }) => isOpen).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/healthz', '/readyz', '/version', '/openapi.json']),
    );
    expect(all.filter(({ isOpen }) => !isOpen).length).toBeGreaterThan(8);
    for (const { path, method, isOpen } of all) {
      if (isOpen) continue;
      const response = await fetch(`${server.url}${path}`, { method });
      expect([method, path, response.status]).toEqual([method, path, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ code: 'REST_UNAUTHORIZED' });
    }
  });

  it.each([['Bearer wrong'], ['Basic eDp5'], ['Bearer']])('are refused with %s', async (authorization) => {
    const { status } = await server.fetch('/api/v1/experiments', { headers: { authorization } });
    expect(status).toBe(401);
  });

  it('do not learn which addresses there are', async () => {
    expect((await fetch(`${server.url}/api/v1/nothing`)).status).toBe(401);
    expect((await fetch(`${server.url}/api/v1/experiments`, { method: 'DELETE' })).status).toBe(401);
  });

  it('are refused from pages of other sites, even with the token and at open addresses', async () => {
    for (const path of ['/api/v1/experiments', '/healthz', '/openapi.json']) {
      const response = await server.fetch(path, { headers: { origin: 'https://evil.example' } });
      expect([path, response.status]).toEqual([path, 403]);
    }
    expect((await server.fetch('/api/v1/experiments', { headers: { origin: server.url } })).status).toBe(200);
  });

  it('are refused under any name but those of this computer', async () => {
    expect(await statusWithHost('evil.example')).toBe(403);
    expect(await statusWithHost('localhost')).toBe(200);
  });
});

describe('health', () => {
  it('is that of the service, and says what keeps it from its work', async () => {
    const space = new FakeDiskSpace();
    const own = await startRestServer({ more: { space } });
    expect(await own.json('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    space.set('no room');
    const problems = [{ code: 'DISK_FULL', message: 'no room' }];
    expect(await own.json('/healthz')).toMatchObject({ status: 200, body: { status: 'degraded', problems } });
    expect(await own.json('/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    await own.close();
  });
});
