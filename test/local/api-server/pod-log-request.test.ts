import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from '../../../core/pod.ts';
import { PODS } from '../../../kube/resource.ts';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { openRaw, raw } from './raw-request.ts';

const LOG = '/api/v1/namespaces/default/pods/a/log';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.client.create(PODS, podOf('a', 'main'));
  writeLog('main', '2026-01-01T00:00:01.000Z stdout one', '2026-01-01T00:00:02.000Z stderr two');
});
afterEach(() => server.close());

function podOf(name: string, ...containers: string[]): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name },
    spec: { containers: containers.map((container) => ({ name: container, image: 'x' })) },
  };
}

function logFolder(): string {
  return join(server.dataDir, 'logs/default/a');
}

function writeLog(container: string, ...lines: string[]): void {
  writeLogOf(container, 0, ...lines);
}

function writeLogOf(container: string, restartCount: number, ...lines: string[]): void {
  mkdirSync(logFolder(), { recursive: true });
  writeFileSync(
    join(logFolder(), `${container}.${restartCount}.log`),
    lines.map((line) => `${line}\n`).join(''),
  );
}

describe('pod logs', () => {
  it.each([
    ['', 'one\ntwo\n'],
    ['?container=main', 'one\ntwo\n'],
    ['?tailLines=1', 'two\n'],
    ['?timestamps=true&tailLines=1', '2026-01-01T00:00:02.000Z two\n'],
    ['?sinceTime=2026-01-01T00:00:02Z', 'two\n'],
    ['?sinceSeconds=1', ''],
    ['?limitBytes=6', 'one\ntw'],
    ['?limitBytes=100', 'one\ntwo\n'],
    ['?timestamps=true&limitBytes=4', '2026'],
  ])('%j shows %j', async (query, expected) => {
    const answer = await raw(server, LOG + query);
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.text).toBe(expected);
  });

  it('of the start before the newest one are shown where previous ones are asked for', async () => {
    writeLogOf('main', 1, '2026-01-01T00:01:00.000Z stdout three');
    writeLogOf('main', 2, '2026-01-01T00:02:00.000Z stdout four', '2026-01-01T00:02:01.000Z stdout five');
    expect((await raw(server, `${LOG}?previous=true`)).text).toBe('three\n');
    expect((await raw(server, `${LOG}?previous=true&follow=true`)).text).toBe('three\n');
    expect((await raw(server, LOG)).text).toBe('four\nfive\n');
    writeLogOf('main', 3, '2026-01-01T00:03:00.000Z stdout six');
    expect((await raw(server, `${LOG}?previous=true&tailLines=1`)).text).toBe('five\n');
  });

  it('are followed until the container has ended', async () => {
    const response = await openRaw(server, `${LOG}?follow=true`);
    response.once('data', () => {
      writeFileSync(join(logFolder(), 'main.0.log'), '2026-01-01T00:00:03.000Z stdout three\n', {
        flag: 'a',
      });
      writeFileSync(join(logFolder(), 'main.ended'), '');
    });
    expect(await text(response)).toBe('one\ntwo\nthree\n');
  });

  it.each([
    [`${LOG}?container=other`, 400, /choose one of: \[main\]/],
    [LOG.replace('pods/a', 'pods/several'), 400, /choose one of: \[x y\]/],
    [LOG.replace('pods/a', 'pods/absent'), 404, /pods "absent" not found/],
    [`${LOG}?previous=true`, 400, /previous terminated container "main" in pod "a" not found/],
    [`${LOG}?limitBytes=0`, 400, /limitBytes/],
    [`${LOG}?tailLines=-1`, 400, /tailLines/],
    [`${LOG}?sinceTime=yesterday`, 400, /sinceTime/],
  ])('%s is %d', async (path, code, message) => {
    await server.client.create(PODS, podOf('several', 'x', 'y'));
    const { json } = await raw(server, path);
    expect(json).toMatchObject({ kind: 'Status', code });
    expect((json as { message: string }).message).toMatch(message);
  });
});
