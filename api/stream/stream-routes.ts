import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { Problem } from '../problem/problem.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Call, Route } from '../route.ts';
import type { TrialIndex } from '../trials/trial-index.ts';
import { createEventHub } from './event-hub.ts';
import type { StreamEvent } from './event-log.ts';
import { readStream, type StreamQuery } from './stream-reader.ts';

/** Streams that are open at the same time: a page has one, so that many are a mistake of somebody's. */
export const MAX_STREAMS = 200;

const TYPES = ['experiment', 'trial', 'observations'] as const satisfies StreamEvent['type'][];

const querySchema = z.object({
  namespace: z.string().optional().describe('Only what is in this namespace.'),
  experiment: z.string().optional().describe('Only what is about experiments of this name.'),
  types: z
    .string()
    .regex(new RegExp(`^(${TYPES.join('|')})(,(${TYPES.join('|')}))*$`))
    .optional()
    .describe(`Some of ${TYPES.join(', ')}, separated by commas; all where absent.`),
  lastEventId: z
    .string()
    .optional()
    .describe('As the header Last-Event-ID, for clients that cannot send it.'),
});

/** One stream of everything that changes. */
export function streamRoutes(options: RestOptions, trials: TrialIndex, closing: AbortSignal): Route[] {
  const hub = createEventHub(options, trials, closing);
  const epoch = randomBytes(8).toString('hex');
  let open = 0;
  return [
    {
      method: 'get',
      path: '/watch',
      operationId: 'watch',
      tag: 'watch',
      summary: 'Follow everything that changes, as server-sent events',
      description:
        'Events: `hello`, `experiment`, `trial`, `observations`, and `resync` where some were missed. With the id of the last event in `Last-Event-ID` a client that was cut off goes on without a gap.',
      query: querySchema,
      responses: {
        200: { description: 'Events, without end.', contentType: 'text/event-stream', schema: z.string() },
      },
      async handle(call) {
        if (open >= MAX_STREAMS) throw tooMany();
        await hub.start();
        const signal = AbortSignal.any([closing, call.signal]);
        const source = { log: hub.log, epoch, version: options.version, clock: options.clock, signal };
        const stream = Readable.from(readStream(source, queryOf(call)), { highWaterMark: 1 });
        open++;
        stream.once('close', () => open--);
        const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' };
        return { status: 200, headers, stream };
      },
    },
  ];
}

function queryOf({ query, headers }: Call): StreamQuery {
  const { namespace, experiment, types, lastEventId } = query as z.infer<typeof querySchema>;
  return {
    namespace,
    experiment,
    types: types === undefined ? undefined : new Set(types.split(',') as StreamEvent['type'][]),
    lastEventId: headers['last-event-id'] ?? lastEventId,
  };
}

function tooMany(): Problem {
  return new Problem('REST_TOO_MANY_REQUESTS', `${MAX_STREAMS} streams are open.`, {
    hint: 'Close those that nobody reads, and try again.',
  });
}
