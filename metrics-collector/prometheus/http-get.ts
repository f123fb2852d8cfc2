import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '../../core/clock.ts';

/** A training that computes may be slow to answer. */
const TIMEOUT_MS = 5_000;
/** Exported for the report of what was cut. */
export const MAX_BODY_BYTES = 4 * 2 ** 20;

export interface HttpHeader {
  name: string;
  value: string;
}

export interface HttpAnswer {
  status: number;
  /** The status in words. */
  statusText: string;
  contentType: string;
  /** The whole lines among the first `MAX_BODY_BYTES`. */
  body: string;
  /** There was more. */
  isCut: boolean;
}

/**
 * One GET on a connection of its own. As with the probes of Kubernetes, nobody vouches for a certificate. Redirections
 * are not followed. Rejects where nobody answers in time, and when the signal is aborted.
 */
export async function httpGet(
  url: URL,
  options: { headers: readonly HttpHeader[]; clock: Clock; signal: AbortSignal },
): Promise<HttpAnswer> {
  const end = new AbortController();
  const late = new Error(`no answer within ${TIMEOUT_MS / 1_000} s`);
  const abort = (): void => end.abort();
  const cancelTimer = options.clock.after(TIMEOUT_MS, () => end.abort(late));
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    const headers = Object.fromEntries(options.headers.map(({ name, value }) => [name, value]));
    const response = await send(url, { headers: { accept: ACCEPTED, ...headers }, signal: end.signal });
    return {
      status: response.statusCode ?? 0,
      statusText: response.statusMessage ?? '',
      contentType: response.headers['content-type'] ?? '',
      ...(await readBody(response)),
    };
  } catch (error) {
    if (end.signal.reason === late) throw late;
    // A name with several addresses fails with an error for each.
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    options.signal.removeEventListener('abort', abort);
    cancelTimer();
  }
}

const ACCEPTED = 'text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1';

function send(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, agent: false, rejectUnauthorized: false })
        : requestHttp(url, { ...options, agent: false });
    request.once('response', resolve);
    request.on('error', reject);
    request.end();
  });
}

async function readBody(response: IncomingMessage): Promise<Pick<HttpAnswer, 'body' | 'isCut'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY_BYTES) break;
  }
  const bytes = Buffer.concat(chunks);
  const isCut = size > MAX_BODY_BYTES;
  const end = isCut ? bytes.lastIndexOf('\n', MAX_BODY_BYTES) + 1 : size;
  return { body: bytes.toString('utf8', 0, end), isCut };
}
