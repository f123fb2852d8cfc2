import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { errorMessage } from '../core/errors.ts';
import { ApiError } from './api-error.ts';
import type { KubeConnection } from './connection.ts';
import { apiErrorOf } from './status.ts';

/** An answer that has not come for so long is given up. Watches are not bound by it once they have begun. */
const ANSWER_TIMEOUT_MS = 60_000;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, beginning with a slash. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` where absent. */
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Requests to one API over connections that are kept open. */
export interface HttpTransport {
  /** The body of a successful answer, still to be read. Rejects with ApiError, or with the signal's reason. */
  open(request: HttpRequest): Promise<IncomingMessage>;
  /** The parsed body of a successful answer. Rejects with ApiError. */
  call(request: HttpRequest): Promise<unknown>;
  /** Lets go of idle connections. Requests that run are not disturbed. */
  close(): void;
}

/** @throws ApiError BadRequest where `server` is not an http or https address. */
export function createHttpTransport(connection: KubeConnection): HttpTransport {
  const base = parseServer(connection.server);
  const isSecure = base.protocol === 'https:';
  const agent = isSecure
    ? new https.Agent({ keepAlive: true, ...tlsOptions(connection) })
    : new http.Agent({ keepAlive: true });
  const shared: RequestOptions = { host: base.hostname.replace(/^\[|\]$/g, ''), port: base.port, agent };
  const prefix = base.pathname.replace(/\/$/, '');

  const open = async (request: HttpRequest): Promise<IncomingMessage> => {
    const { method, path, signal } = request;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = await requestHeaders(connection, request, body);
    const options = { ...shared, method, path: prefix + path, headers, ...(signal && { signal }) };
    const response = await send(isSecure ? https.request(options) : http.request(options), body);
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    throw apiErrorOf(parseOrNull(await readBody(response)), statusCode);
  };
  return {
    open,
    call: async (request) => parseAnswer(await readBody(await open(request))),
    close: () => agent.destroy(),
  };
}

function parseServer(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new ApiError('BadRequest', `server: "${server}" is not an address such as https://127.0.0.1:6443`);
}

function tlsOptions({ ca, cert, key, serverName, insecure }: KubeConnection): https.AgentOptions {
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { servername: serverName }),
    rejectUnauthorized: insecure !== true,
  };
}

async function requestHeaders(
  { token }: KubeConnection,
  { contentType = 'application/json' }: HttpRequest,
  body: string | undefined,
): Promise<Record<string, string | number>> {
  const bearer = typeof token === 'function' ? await token() : token;
  return {
    accept: 'application/json',
    'user-agent': 'katydid',
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(body !== undefined && { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
  };
}

function send(request: http.ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.setTimeout(ANSWER_TIMEOUT_MS, () =>
      request.destroy(
        new ApiError('Timeout', `the API has not answered for ${ANSWER_TIMEOUT_MS / 1000} seconds`),
      ),
    );
    request.once('response', (response) => {
      request.setTimeout(0);
      resolve(response);
    });
    request.once('error', (error) => reject(unreachable(error)));
    request.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  try {
    return await readText(response);
  } catch (error) {
    throw unreachable(error);
  }
}

/** What a broken connection is to callers. An abort stays what it is. */
export function unreachable(error: unknown): Error {
  if (error instanceof ApiError || (error instanceof Error && error.name === 'AbortError')) return error;
  return new ApiError('ServiceUnavailable', `the API cannot be reached: ${errorMessage(error)}`);
}

function parseOrNull(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}

function parseAnswer(body: string): unknown {
  const answer = parseOrNull(body);
  if (answer !== null) return answer;
  throw new ApiError('InternalError', `the API answered what is not JSON: ${body.slice(0, 200)}`);
}
