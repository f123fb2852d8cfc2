import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../../cli/data-directory.ts';
import { writeKubeconfig } from '../../cli/serve/kubeconfig-file.ts';
import { createHttpClient } from '../../kube/http-client.ts';
import { loadKubeconfig } from '../../kube/kubeconfig.ts';
import { NAMESPACES } from '../../kube/resource.ts';
import { kubeClientContract } from '../contract/kube-client.ts';
import { startTestServer, type TestServer } from '../support/api-server.ts';

/** The kubeconfig that the command writes for a server, in a folder that is removed with it. */
async function startWithKubeconfig(): Promise<{
  server: TestServer;
  file: string;
  close: () => Promise<void>;
}> {
  const server = await startTestServer({ tls: true });
  const folder = mkdtempSync(join(tmpdir(), 'katydid-test-'));
  const { token, connection } = server;
  const file = writeKubeconfig(dataDirectory(folder), { url: server.url, token, cert: connection.ca ?? '' });
  return {
    server,
    file,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

kubeClientContract({
  name: 'HTTPS, with the credentials of the written kubeconfig',
  async open() {
    const { file, close } = await startWithKubeconfig();
    const client = createHttpClient(await loadKubeconfig({ file }));
    return {
      client,
      async close() {
        client.close();
        await close();
      },
    };
  },
  skip: { 'expired-versions': 'the history of this server is too long to fill' },
});

describe('kubeconfig', () => {
  it('a missing package is named with the command that installs it', async () => {
    const absent = (): Promise<never> => Promise.reject(new Error('Cannot find package'));
    await expect(loadKubeconfig({}, absent)).rejects.toMatchObject({
      code: 'KUBECONFIG_NEEDS_PACKAGE',
      remedy: 'Install it beside Katydid: npm install @kubernetes/client-node',
    });
  });

  it('the token may come from an exec plugin', async () => {
    const { server, file, close } = await startWithKubeconfig();
    const apiVersion = 'client.authentication.k8s.io/v1';
    const answer = { apiVersion, kind: 'ExecCredential', status: { token: server.token } };
    const plugin = { apiVersion, command: 'echo', args: [JSON.stringify(answer)], interactiveMode: 'Never' };
    const inline = readFileSync(file, 'utf8');
    writeFileSync(file, inline.replace(`token: ${server.token}`, `exec: ${JSON.stringify(plugin)}`));
    const client = createHttpClient(await loadKubeconfig({ file }));
    expect(await client.list(NAMESPACES)).toMatchObject({ items: [] });
    client.close();
    await close();
  });

  it('a token that is renewed is asked for before every request', async () => {
    const server = await startTestServer();
    let asked = 0;
    const token = (): Promise<string> => Promise.resolve(++asked === 1 ? 'old' : server.token);
    const client = createHttpClient({ ...server.connection, token });
    await expect(client.list(NAMESPACES)).rejects.toMatchObject({ reason: 'Unauthorized' });
    expect(await client.list(NAMESPACES)).toMatchObject({ items: [] });
    client.close();
    await server.close();
  });

  it.each([
    ['that is missing', undefined],
    ['that is no YAML', ': ['],
    ['without a cluster', 'apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\n'],
  ])('a file %s is refused with its name', async (_case, text) => {
    const folder = mkdtempSync(join(tmpdir(), 'katydid-test-'));
    const file = join(folder, 'config');
    if (text !== undefined) writeFileSync(file, text);
    await expect(loadKubeconfig({ file })).rejects.toMatchObject({
      code: 'KUBECONFIG_UNUSABLE',
      message: expect.stringContaining(file) as string,
    });
    rmSync(folder, { recursive: true });
  });
});

describe('an API that cannot be used', () => {
  it.each([
    ['nobody listens', { server: 'http://127.0.0.1:1' }, 'ServiceUnavailable'],
    ['the certificate is of another authority', { ca: undefined }, 'ServiceUnavailable'],
    ['the token is wrong', { token: 'wrong' }, 'Unauthorized'],
  ])('because %s', async (_case, change, reason) => {
    const server = await startTestServer({ tls: true });
    const client = createHttpClient({ ...server.connection, ...change });
    await expect(client.list(NAMESPACES)).rejects.toMatchObject({ name: 'ApiError', reason });
    const watching = client.watch(NAMESPACES)[Symbol.asyncIterator]();
    await expect(watching.next()).rejects.toMatchObject({ name: 'ApiError', reason });
    client.close();
    await server.close();
  });

  it('because its address is none', () => {
    expect(() => createHttpClient({ server: 'localhost:1' })).toThrow('localhost:1');
  });
});
