import compression from 'compression';
import express from 'express';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAnswerStore } from '../../api/router/answer-store.ts';
import { handleRequests } from '../../api/router/handle-request.ts';
import { createRouteTable, mountRoutes } from '../../api/router/route-table.ts';
import type { Answer, Call, Route } from '../../api/route.ts';
import { listenOnLoopback, type LoopbackServer } from '../../http/loopback-server.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type LogLine, recordingLogger } from '../support/recording-logger.ts';

const TOKEN = 'token';
let server: LoopbackServer | undefined;
afterEach(() => server?.close());

function route(
  path: string,
  handle: (call: Call) => Answer | Promise<Answer>,
  more: Partial<Route> = {},
): Route {
  const operationId = `${more.method ?? 'get'} ${path}`;
  return {
    method: 'get',
    path,
    operationId,
    tag: 'test',
    summary: '',
    responses: { 200: { description: '', schema: z.unknown() } },
    handle: async (call) => handle(call),
    ...more,
  };
}

interface Served {
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  readonly clock: FakeClock;
  readonly closing: AbortController;
  readonly lines: readonly LogLine[];
}

async function serve(...routes: Route[]): Promise<Served> {
  const clock = new FakeClock();
  const closing = new AbortController();
  const logger = recordingLogger();
  const app = express();
  app.set('etag', false);
  app.use(compression());
  const table = createRouteTable(mountRoutes('', routes));
  const answers = createAnswerStore(clock);
  app.use(handleRequests({ table, token: TOKEN, answers, logger, closing: closing.signal }));
  server = await listenOnLoopback(app, { port: 0 });
  const { url } = server;
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string> | undefined) },
    });
  return { ask, clock, closing, lines: logger.lines };
}

const params = (call: Call): Answer => ({ status: 200, body: call.params });

describe('an address', () => {
  it.each([
    ['/things/a', { thing: 'a' }],
    ['/things/a%2Fb%20c', { thing: 'a/b c' }],
    ['/things/a:stop', { thing: 'a', verb: 'stop' }],
    ['/things:check', { verb: 'check' }],
    ['/things/a/parts/b', { thing: 'a', part: 'b' }],
  ])('%s finds its route and parameters', async (path, expected) => {
    const named = (name: string) => (call: Call) => ({ status: 200, body: { ...call.params, verb: name } });
    const { ask } = await serve(
      route('/things/{thing}', params),
      route('/things/{thing}:stop', named('stop')),
      route('/things:check', named('check')),
      route('/things/{thing}/parts/{part}', params),
    );
    expect(await (await ask(path)).json()).toEqual(expected);
  });

  it.each([
    '/things',
    '/things/',
    '/things/a/',
    '/things/a:jump',
    '/things/a/parts',
    '/Things/a',
    '//things/a',
  ])('%s finds nothing', async (path) => {
    const { ask } = await serve(route('/things/{thing}', params));
    expect((await ask(path)).status).toBe(404);
  });

  it('belongs to one route', () => {
    const twice = [route('/things/{a}', params), route('/things/{b}', params, { operationId: 'other' })];
    expect(() => createRouteTable(mountRoutes('', twice))).toThrow('two routes get /things/{}');
  });
});

describe('a stream', () => {
  it.each([['identity'], ['gzip']])('arrives piece by piece (%s)', async (encoding) => {
    const stream = new Readable({ read: () => undefined });
    const { ask } = await serve(
      route('/stream', () => ({ status: 200, stream, headers: { 'content-type': 'text/event-stream' } }), {
        responses: { 200: { description: '', contentType: 'text/event-stream' } },
      }),
    );
    const response = await ask('/stream', { headers: { 'accept-encoding': encoding } });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    for (const piece of ['data: 1\n\n', 'data: 2\n\n']) {
      stream.push(piece);
      expect(new TextDecoder().decode((await reader.read()).value)).toBe(piece);
    }
    stream.push(null);
    expect((await reader.read()).done).toBe(true);
    expect(response.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
  });

  it('ends when the client has gone, who is told by the signal', async () => {
    const stream = new Readable({ read: () => undefined });
    let signal: AbortSignal | undefined;
    const handle = (call: Call): Answer => {
      signal = call.signal;
      return { status: 200, stream, headers: { 'content-type': 'text/plain' } };
    };
    const { ask, lines } = await serve(
      route('/stream', handle, { responses: { 200: { description: '', contentType: 'text/plain' } } }),
    );
    const leaving = new AbortController();
    await ask('/stream', { signal: leaving.signal });
    leaving.abort();
    await eventually(() => expect([stream.destroyed, signal?.aborted]).toEqual([true, true]));
    expect(lines).toEqual([]);
  });

  it('that fails is cut off', async () => {
    const stream = new Readable({ read: () => undefined });
    const { ask, lines } = await serve(
      route('/stream', () => ({ status: 200, stream, headers: { 'content-type': 'text/plain' } }), {
        responses: { 200: { description: '', contentType: 'text/plain' } },
      }),
    );
    const response = await ask('/stream');
    stream.destroy(new Error('broken'));
    await expect(response.text()).rejects.toThrow();
    expect(lines).toMatchObject([{ level: 'error', message: 'request failed' }]);
  });
});

describe('a body', () => {
  it('of another type than JSON and YAML is handed on as text', async () => {
    const { ask } = await serve(
      route('/report', (call) => ({ status: 200, body: { got: call.body } }), {
        method: 'post',
        body: z.string(),
        bodyTypes: ['text/plain', 'application/x-www-form-urlencoded'],
        maxBodyBytes: 20,
      }),
    );
    expect(await (await ask('/report', { method: 'POST', body: 'loss=0.5' })).json()).toEqual({
      got: 'loss=0.5',
    });
    expect((await ask('/report', { method: 'POST', body: 'x'.repeat(21) })).status).toBe(413);
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    expect((await ask('/report', json)).status).toBe(415);
  });

  it.each([
    ['', 200],
    ['{}', 200],
    ['{"reason": "tired"}', 422],
  ])('%s where none is taken is answered with %i', async (body, status) => {
    const { ask } = await serve(route('/stop', params, { method: 'post' }));
    expect((await ask('/stop', { method: 'POST', body })).status).toBe(status);
  });
});

describe('an Idempotency-Key', () => {
  it('is forgotten after a day', async () => {
    let count = 0;
    const { ask, clock } = await serve(
      route('/count', () => ({ status: 200, body: { count: ++count } }), { method: 'post' }),
    );
    const post = async (key: string): Promise<unknown> =>
      (await ask('/count', { method: 'POST', headers: { 'idempotency-key': key } })).json();
    expect([await post('a'), await post('a'), await post('b')]).toEqual([
      { count: 1 },
      { count: 1 },
      { count: 2 },
    ]);
    await clock.advance(24 * 60 * 60 * 1000 + 1);
    expect(await post('a')).toEqual({ count: 3 });
  });
});

it('a server that stops answers 503 and says when to try again', async () => {
  const { ask, closing } = await serve(route('/things', params));
  closing.abort();
  const response = await ask('/things');
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});

it('more than 500 requests under way are refused until others have been answered', async () => {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  let waiting = 0;
  const { ask } = await serve(
    route('/wait', () => {
      waiting++;
      return promise;
    }),
    route('/things', params),
  );
  const slow = Array.from({ length: 500 }, () => ask('/wait'));
  await eventually(() => expect(waiting).toBe(500), 20_000);
  expect((await ask('/things')).status).toBe(429);
  resolve({ status: 200, body: {} });
  await Promise.all((await Promise.all(slow)).map((response) => response.text()));
  expect((await ask('/things')).status).toBe(200);
}, 30_000);
