import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Response } from 'express';
import type { Logger } from '../../core/logger.ts';
import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { WatchEvent } from '../../kube/client.ts';
import { drained } from './drained.ts';
import type { ResourcePath } from './resource-path.ts';
import { failureStatus } from './status-answer.ts';

export interface WatchStream {
  readonly path: ResourcePath;
  readonly events: AsyncIterable<WatchEvent<KubeObject>>;
  /** How an object is shown to this client. Called once for each event, in order. */
  readonly present: (object: Stored<KubeObject>) => unknown;
  readonly logger: Logger;
  /** Aborted when the client is gone, its time is up, or the server closes. */
  readonly signal: AbortSignal;
}

/**
 * Sends a watch as JSON lines until it ends. What is wrong with the request itself rejects, so that it is answered with
 * its HTTP status; what happens later, and a version that is too old, is told as an ERROR event, as Kubernetes does.
 */
export async function sendWatch(watch: WatchStream, response: Response): Promise<void> {
  const { path, events, logger, signal } = watch;
  const iterator = events[Symbol.asyncIterator]();
  let next = iterator.next();
  await rejectEarly(next);
  response.type('application/json');
  response.flushHeaders();
  try {
    for (;;) {
      const result = await next;
      if (result.done === true || signal.aborted) break;
      if (!response.write(`${JSON.stringify(lineOf(watch, result.value))}\n`))
        await drained(response, signal);
      next = iterator.next();
    }
  } catch (error) {
    if (!signal.aborted) {
      const object = failureStatus(error, path, logger);
      response.write(`${JSON.stringify({ type: 'ERROR', object })}\n`);
    }
  } finally {
    await iterator.return?.();
    response.end();
  }
}

/** A watch fails at its first step where its options are wrong; otherwise that step may wait for hours. */
async function rejectEarly(first: Promise<unknown>): Promise<void> {
  const failure = first.then(
    () => null,
    (error: unknown) => error,
  );
  const error = await Promise.race([failure, nextTurn(null)]);
  if (error instanceof Error && !isApiError(error, 'Expired')) throw error;
}

function lineOf({ path, present }: WatchStream, event: WatchEvent<KubeObject>): unknown {
  if (event.type !== 'BOOKMARK') return { type: event.type, object: present(event.object) };
  const { apiVersion, kind } = path.resource;
  const metadata = { resourceVersion: event.resourceVersion, creationTimestamp: null };
  return { type: 'BOOKMARK', object: { apiVersion, kind, metadata } };
}
