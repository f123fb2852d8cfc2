import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventLog, type EventLog, type StreamEvent } from '../../../api/stream/event-log.ts';
import { KEEP_ALIVE_MS, readStream, type StreamQuery } from '../../../api/stream/stream-reader.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const EPOCH = 'e1';
const EVERYTHING: StreamQuery = {
  lastEventId: undefined,
  namespace: undefined,
  experiment: undefined,
  types: undefined,
};

function logOf(...data: string[]): EventLog {
  const log = createEventLog({ events: 5, length: 1_000 });
  for (const text of data) log.append(event(text));
  return log;
}

function event(data: string, more: Partial<StreamEvent> = {}): StreamEvent {
  return { type: 'trial', namespace: 'default', experiment: 'exp', data, ...more };
}

function open(
  log: EventLog,
  query: Partial<StreamQuery> = {},
): { stream: AsyncGenerator<string>; clock: FakeClock; end: () => void } {
  const clock = new FakeClock();
  const ended = new AbortController();
  const source = { log, epoch: EPOCH, version: '1', clock, signal: ended.signal };
  return { stream: readStream(source, { ...EVERYTHING, ...query }), clock, end: () => ended.abort() };
}

/** The names and data of the events in a piece of the stream. */
function events(piece: IteratorResult<string, unknown>): string[] {
  const text = String(piece.value);
  return Array.from(text.matchAll(/^event: (.+)\nid: (.+)\ndata: (.+)$/gm), ([, name, id, data]) =>
    name === 'trial' ? `${id} ${data}` : `${name} ${id}`,
  );
}

describe('a stream', () => {
  it('begins with what comes from now on, and a way to come back', async () => {
    const log = logOf('a', 'b');
    const { stream } = open(log);
    expect(events(await stream.next())).toEqual(['hello e1-2']);
    log.append(event('c'));
    expect(events(await stream.next())).toEqual(['e1-3 c']);
  });

  it('goes on after the last event that the reader has, without a gap', async () => {
    const { stream } = open(logOf('a', 'b', 'c'), { lastEventId: 'e1-1' });
    expect(events(await stream.next())).toEqual(['hello e1-1']);
    expect(events(await stream.next())).toEqual(['e1-2 b', 'e1-3 c']);
  });

  it('brings all that a busy service told during a cut of 30 s, in order', async () => {
    const log = createEventLog();
    const everySecond = 64 * 4;
    for (let told = 0; told < 30 * everySecond; told++) log.append(event(`${told}`.padEnd(600)));
    const { stream } = open(log, { lastEventId: 'e1-0' });
    await stream.next();
    const ids: string[] = [];
    while (ids.length < log.end)
      ids.push(...events(await stream.next()).map((text) => text.split(' ')[0] ?? ''));
    expect(ids).toEqual(Array.from({ length: log.end }, (_, index) => `e1-${index + 1}`));
  });

  it.each([
    ['that is forgotten', 'e1-1'],
    ['that was never given', 'e1-99'],
    ['that is none', 'x'],
    ['that is empty', ''],
  ])('tells a reader with an id %s to read anew', async (_, lastEventId) => {
    const { stream } = open(logOf('a', 'b', 'c', 'd', 'e', 'f', 'g'), { lastEventId });
    expect(events(await stream.next())).toEqual(['hello e1-7']);
    expect(events(await stream.next())).toEqual(['resync e1-7']);
  });

  it('does not take an id of an earlier start for one of its own', async () => {
    const { stream } = open(logOf('a', 'b'), { lastEventId: 'e0-1' });
    expect(events(await stream.next())).toEqual(['hello e1-2']);
    expect(events(await stream.next())).toEqual(['resync e1-2']);
  });

  it('tells a reader that is too slow to read anew, and keeps nothing for it', async () => {
    const log = logOf();
    const { stream } = open(log);
    await stream.next();
    for (let count = 0; count < 20; count++) log.append(event('x'));
    expect(events(await stream.next())).toEqual(['resync e1-20']);
  });

  it('says that it is there when nothing happens', async () => {
    const { stream, clock } = open(logOf());
    await stream.next();
    const silence = stream.next();
    await clock.advance(KEEP_ALIVE_MS);
    expect((await silence).value).toBe(': still here\n\n');
  });

  it('tells only what is asked for', async () => {
    const log = logOf();
    const { stream } = open(log, { experiment: 'exp', types: new Set(['trial'] as const) });
    await stream.next();
    log.append(event('other', { experiment: 'other' }));
    log.append(event('experiment', { type: 'experiment' }));
    log.append(event('mine'));
    expect(events(await stream.next())).toEqual(['e1-3 mine']);
  });

  it('ends when the server closes', async () => {
    const { stream, end } = open(logOf());
    await stream.next();
    const rest = stream.next();
    end();
    expect((await rest).done).toBe(true);
  });

  it('begins with a greeting, whatever id it is given', async () => {
    const id = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom('e1', 'e0', ''), fc.integer()).map(([epoch, seq]) => `${epoch}-${seq}`),
    );
    await fc.assert(
      fc.asyncProperty(id, async (lastEventId) => {
        const { stream } = open(logOf('a'), { lastEventId });
        expect(events(await stream.next())).toEqual([expect.stringMatching(/^hello e1-[01]$/)]);
      }),
    );
  });
});
