import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { errorMessage, KatydidError } from '../core/errors.ts';

const LOOPBACK = '127.0.0.1';

export interface LoopbackServer {
  /** For example `https://127.0.0.1:40123`. */
  readonly url: string;
  /** Ends all requests, endless ones included. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM; plain HTTP where absent. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** Listens on 127.0.0.1 only. Rejects with KatydidError PORT_UNUSABLE. */
export async function listenOnLoopback(
  listener: RequestListener,
  { port, tls }: LoopbackOptions,
): Promise<LoopbackServer> {
  const server = tls ? https.createServer({ ...tls }, listener) : http.createServer(listener);
  await startListening(server, port);
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://${LOOPBACK}:${ownPort}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function startListening(server: http.Server, port: number): Promise<void> {
  try {
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
  } catch (error) {
    throw new KatydidError('PORT_UNUSABLE', `Port ${port} cannot be used: ${errorMessage(error)}.`, {
      remedy: 'Stop what listens there, or choose another (0 takes a free one).',
      cause: error,
    });
  }
}
