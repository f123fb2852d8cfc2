import type { IncomingMessage } from 'node:http';
import { isJsonObject } from '../core/json.ts';
import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import { ApiError } from './api-error.ts';
import type { WatchEvent, WatchOptions } from './client.ts';
import { type HttpTransport, unreachable } from './http-transport.ts';
import { collectionPath, watchQuery } from './request-path.ts';
import type { ResourceType } from './resource.ts';
import { apiErrorOf } from './status.ts';

/**
 * `KubeClient.watch` over HTTP: one JSON object a line. It also ends, without an error, when the server ends it, which
 * servers do every few minutes: watch again from the last version seen.
 */
export async function* watchOverHttp<T extends KubeObject>(
  transport: HttpTransport,
  resource: ResourceType<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { namespace, signal } = options;
  if (signal?.aborted) return;
  const path = collectionPath(resource, namespace) + watchQuery(options);
  try {
    const response = await transport.open({ method: 'GET', path, signal });
    for await (const line of lines(response)) {
      yield readEvent<T>(line);
      // The body may hold more than was asked for when the signal came.
      if (hasEnded(signal)) return;
    }
  } catch (error) {
    if (!hasEnded(signal)) throw unreachable(error);
  }
}

/** A function, so that the answer of an earlier look is not taken for granted. */
function hasEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Lines as they arrive; what follows the last line end has been cut off and is dropped. */
async function* lines(response: IncomingMessage): AsyncGenerator<string, void, undefined> {
  response.setEncoding('utf8');
  let parts: string[] = [];
  for await (const chunk of response) {
    const [end = '', ...rest] = String(chunk).split('\n');
    parts.push(end);
    for (const begin of rest) {
      const line = parts.join('');
      if (line !== '') yield line;
      parts = [begin];
    }
  }
}

function readEvent<T extends KubeObject>(line: string): WatchEvent<T> {
  const { type, object } = parseEvent(line);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: object as unknown as Stored<T> };
    case 'BOOKMARK':
      return { type, resourceVersion: (object as unknown as Stored<KubeObject>).metadata.resourceVersion };
    case 'ERROR':
      throw apiErrorOf(object, 500);
    default:
      throw new ApiError(
        'InternalError',
        `the API sent a watch event of unknown type: ${line.slice(0, 200)}`,
      );
  }
}

function parseEvent(line: string): { type: unknown; object: Record<string, unknown> } {
  let event: unknown;
  try {
    event = JSON.parse(line) as unknown;
  } catch {
    event = null;
  }
  if (isJsonObject(event) && isJsonObject(event['object'])) {
    return { type: event['type'], object: event['object'] };
  }
  throw new ApiError('InternalError', `the API sent what is not a watch event: ${line.slice(0, 200)}`);
}
