import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXPERIMENTS } from '../../../kube/resource.ts';
import { startRestServer, type RestServer } from '../../support/rest-server.ts';
import { storeExperiment, storeTrial } from '../fixtures.ts';

let server: RestServer;
beforeEach(async () => {
  server = await startRestServer();
  await storeExperiment(server.client);
});
afterEach(() => server.close());

interface Received {
  event: string;
  id: string;
  data: { change?: string; trial?: unknown; experiment?: unknown; metrics?: unknown };
}

/** Reads a stream until an event is what is waited for; then cuts the connection. Gives all events until then. */
async function readUntil(
  isLast: (received: Received) => boolean,
  headers: Record<string, string> = {},
  query = '',
): Promise<Received[]> {
  const cut = new AbortController();
  const response = await server.fetch(`/api/v1/watch${query}`, { headers, signal: cut.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const received: Received[] = [];
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    received.push(...frames.filter((frame) => frame.startsWith('event:')).map(parsed));
    if (received.some(isLast)) break;
  }
  cut.abort();
  return received;
}

function parsed(frame: string): Received {
  const [, event = '', id = '', data = ''] = /^event: (.+)\nid: (.+)\ndata: (.+)$/.exec(frame) ?? [];
  return { event, id, data: JSON.parse(data) as Received['data'] };
}

const isHello = ({ event }: Received): boolean => event === 'hello';
const changesOf =
  (name: string) =>
  ({ data }: Received): boolean =>
    (data.trial as { name?: string } | undefined)?.name === name;

describe('GET /api/v1/watch', () => {
  it('goes on without a gap where the connection was cut', async () => {
    const [hello] = await readUntil(isHello);
    await storeTrial(server.client, { index: 0, state: 'Running' });
    await storeTrial(server.client, { index: 1, state: 'Running' });
    const first = await readUntil(changesOf('exp-0'), { 'last-event-id': hello?.id ?? '' });
    const last = first.findLast(changesOf('exp-0'))?.id ?? '';
    await storeTrial(server.client, { index: 2, state: 'Succeeded', loss: 1 });
    const second = await readUntil(changesOf('exp-2'), { 'last-event-id': last });
    const names = [...first, ...second].flatMap(
      ({ data }) => (data.trial as { name: string } | undefined)?.name ?? [],
    );
    expect([...new Set(names)].sort()).toEqual(['exp-0', 'exp-1', 'exp-2']);
    expect(second.some(({ event }) => event === 'resync')).toBe(false);
  });

  it('tells what trials report, with the newest value of each metric', async () => {
    const { metadata } = await storeTrial(server.client, { index: 0, state: 'Running' });
    const [hello] = await readUntil(isHello);
    const values = [0.5, 0.25].map((value, sequence) => ({
      metric: 'loss',
      value,
      step: sequence,
      timeMs: 1_000,
      sequence,
    }));
    await server.options.sink.report({ trialUid: metadata.uid, source: 'main' }, values);
    const received = await readUntil(({ event }) => event === 'observations', {
      'last-event-id': hello?.id ?? '',
    });
    expect(received.at(-1)?.data).toMatchObject({
      trial: 'exp-0',
      experiment: 'exp',
      metrics: [{ metric: 'loss', value: 0.25, step: 1, time: '1970-01-01T00:00:01.000Z' }],
    });
  });

  it('tells that an experiment is gone', async () => {
    const [hello] = await readUntil(isHello, {}, '?types=experiment');
    await server.client.delete(EXPERIMENTS, { namespace: 'default', name: 'exp' });
    const received = await readUntil(
      ({ data }) => data.change === 'deleted',
      {},
      `?lastEventId=${hello?.id}`,
    );
    expect(received.at(-1)?.data).toMatchObject({ experiment: { name: 'exp' } });
  });

  it.each([['?types=nonsense'], ['?other=1']])('refuses %s', async (query) => {
    expect((await server.fetch(`/api/v1/watch${query}`)).status).toBe(400);
  });

  it('needs the token', async () => {
    const response = await server.fetch('/api/v1/watch', { headers: { authorization: 'Bearer wrong' } });
    expect(response.status).toBe(401);
  });
});
