import type { Clock } from '../../core/clock.ts';
import { eventId, parseEventId } from './event-id.ts';
import type { EventLog, NumberedEvent, StreamEvent } from './event-log.ts';

/** A comment after so much silence keeps proxies from cutting the connection, and tells the server of lost readers. */
export const KEEP_ALIVE_MS = 15_000;
const EVENTS_AT_ONCE = 200;

export interface StreamQuery {
  /** The id of the last event that the reader has; undefined for a new reader. */
  readonly lastEventId: string | undefined;
  readonly namespace: string | undefined;
  readonly experiment: string | undefined;
  /** All where absent. */
  readonly types: ReadonlySet<StreamEvent['type']> | undefined;
}

export interface StreamSource {
  readonly log: EventLog;
  readonly epoch: string;
  readonly version: string;
  readonly clock: Clock;
  /** Ends the stream. */
  readonly signal: AbortSignal;
}

/**
 * The stream as text, in the format of server-sent events. It keeps nothing for its reader but a place in the log: one
 * that reads more slowly than events are forgotten is told to read everything anew (`resync`), and so is one that comes
 * back with an id that is not known any more.
 */
export async function* readStream(source: StreamSource, query: StreamQuery): AsyncGenerator<string> {
  const { log, epoch, version, signal } = source;
  const resumed = query.lastEventId === undefined ? log.end : parseEventId(query.lastEventId, epoch);
  let at = resumed ?? log.end;
  const isKnown = resumed !== null && log.after(at, 1) !== null;
  if (!isKnown) at = log.end;
  yield frame('hello', eventId(epoch, at), JSON.stringify({ epoch, version }));
  if (!isKnown) yield resync(epoch, at);
  while (!signal.aborted) {
    const events = log.after(at, EVENTS_AT_ONCE);
    if (events === null) {
      at = log.end;
      yield resync(epoch, at);
    } else if (events.length === 0) {
      if ((await nextOrSilence(source)) === 'silence') yield ': still here\n\n';
    } else {
      at = events.at(-1)?.seq ?? at;
      yield events
        .filter((event) => isWanted(event, query))
        .map((event) => frame(event.type, eventId(epoch, event.seq), event.data))
        .join('');
    }
  }
}

function isWanted(event: NumberedEvent, { namespace, experiment, types }: StreamQuery): boolean {
  return (
    (namespace === undefined || event.namespace === namespace) &&
    (experiment === undefined || event.experiment === experiment) &&
    (types === undefined || types.has(event.type))
  );
}

function resync(epoch: string, seq: number): string {
  const reason = 'Events are missing here. Read what you show anew; what follows is complete.';
  return frame('resync', eventId(epoch, seq), JSON.stringify({ reason }));
}

/** `data` has no line breaks: it is JSON. */
function frame(event: string, id: string, data: string): string {
  return `event: ${event}\nid: ${id}\ndata: ${data}\n\n`;
}

function nextOrSilence({ log, clock, signal }: StreamSource): Promise<'next' | 'silence' | 'over'> {
  return new Promise((resolve) => {
    const settle = (what: 'next' | 'silence' | 'over') => (): void => {
      cancelTimer();
      forget();
      signal.removeEventListener('abort', over);
      resolve(what);
    };
    const over = settle('over');
    const cancelTimer = clock.after(KEEP_ALIVE_MS, settle('silence'));
    const forget = log.onNext(settle('next'));
    signal.addEventListener('abort', over);
  });
}
