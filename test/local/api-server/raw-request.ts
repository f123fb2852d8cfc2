import http, { type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestServer } from '../../support/api-server.ts';

export interface RawOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** The server's own where absent; null sends none. */
  token?: string | null;
}

export interface RawAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  /** The parsed text; undefined where it is not JSON. */
  json: unknown;
}

/** A request as it stands, with any Host and Origin; what fetch does not allow. */
export function openRaw(
  server: TestServer,
  path: string,
  options: RawOptions = {},
): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, token = server.token } = options;
  const { hostname, port } = new URL(server.url);
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = http.request({
      hostname,
      port,
      path,
      method,
      agent: false,
      headers: { ...authorization, ...length, ...headers },
    });
    request.once('response', resolve).once('error', reject);
    request.end(body);
  });
}

export async function raw(server: TestServer, path: string, options: RawOptions = {}): Promise<RawAnswer> {
  const response = await openRaw(server, path, options);
  const body = await text(response);
  return { status: response.statusCode ?? 0, headers: response.headers, text: body, json: parsed(body) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** The events of a watch until it ends. */
export async function watchRaw(
  server: TestServer,
  path: string,
  options: RawOptions = {},
): Promise<unknown[]> {
  const { text: body } = await raw(server, path, options);
  return body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
