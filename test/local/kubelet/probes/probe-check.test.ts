import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Container, Probe } from '../../../../core/pod.ts';
import { probeCheck } from '../../../../local/kubelet/probes/probe-check.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode =
      request.url === '/healthy' ? 204 : request.headers['x-ask'] === 'kindly' ? 200 : 503;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

const PLACE = {
  cwd: '/',
  env: { PATH: process.env['PATH'] ?? '', WORD: 'told' },
  rewriteText: (text: string) => text.replace('/in-container', '/'),
};

function ask(probe: Probe): Promise<string | null> | undefined {
  const container: Container = { name: 'main', ports: [{ name: 'health', containerPort: port }] };
  return probeCheck(probe, container, PLACE)?.(AbortSignal.timeout(5_000));
}

const shell = (script: string): Probe => ({ exec: { command: ['sh', '-c', script] } });

describe('an answer', () => {
  it.each<[what: string, probe: () => Probe]>([
    ['a command that ends with 0', () => shell('test "$WORD" = told')],
    ['a command whose path is elsewhere', () => shell('cd /in-container')],
    ['HTTP', () => ({ httpGet: { path: '/healthy', port } })],
    ['HTTP at a port with a name', () => ({ httpGet: { path: '/healthy', port: 'health' } })],
    ['HTTP with headers', () => ({ httpGet: { port, httpHeaders: [{ name: 'x-ask', value: 'kindly' }] } })],
    ['a connection', () => ({ tcpSocket: { port: 'health' } })],
  ])('of %s is good', async (_, probe) => expect(await ask(probe())).toBeNull());

  it.each<[what: string, probe: () => Probe, message: RegExp]>([
    [
      'a command that ends with something else',
      () => shell('echo not yet >&2; exit 3'),
      /^not yet \(exit code 3\)$/,
    ],
    ['a command that is not there', () => ({ exec: { command: ['/no/such'] } }), /ENOENT/],
    ['HTTP that is not well', () => ({ httpGet: { port } }), /^HTTP answered 503$/],
    ['a port without a name', () => ({ tcpSocket: { port: 'other' } }), /no port named "other"/],
    ['a port where nobody listens', () => ({ tcpSocket: { port: 1 } }), /ECONNREFUSED/],
  ])('of %s is bad', async (_, probe, message) => expect(await ask(probe())).toMatch(message));

  it('of a command is waited for no longer than asked', async () => {
    const check = probeCheck(shell('sleep 60'), { name: 'main' }, PLACE);
    expect(await check?.(AbortSignal.timeout(100))).toContain('killed');
  });

  it('is not to be had over gRPC', () => expect(ask({ grpc: { port: 1 } })).toBeUndefined());
});
