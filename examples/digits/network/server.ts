import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { TrainingError } from '../training-error.ts';
import type { Address } from './cluster.ts';
import { encodeFrame, frameDecoder, message, type Message } from './wire.ts';

/** Identity of one connection, so that a service can tell its clients apart. */
export type ConnectionId = symbol;

export interface Service {
  /** Answers a request. Where it throws, the connection is closed. */
  answer(request: Message, connection: ConnectionId): Message | Promise<Message>;
  /** The connection is closed. */
  disconnected(connection: ConnectionId): void;
}

export interface MessageServer {
  /** Sends what is still to be sent, then closes all connections. */
  close(): void;
}

/** Serves a service on a replica's address. Throws a TrainingError where the port cannot be had. */
export async function serve(name: string, address: Address, service: Service): Promise<MessageServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(name, socket, service);
  });
  server.listen({ port: address.port, ...(isLoopback(address.host) ? { host: address.host } : {}) });
  try {
    await once(server, 'listening');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new TrainingError(`${name} cannot listen on ${address.host}:${address.port}: ${detail}`);
  }
  return {
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroySoon();
    },
  };
}

/** A replica's own name in a cluster is a Service's, whose address no process of the pod can listen on. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function serveConnection(name: string, socket: Socket, service: Service): void {
  const connection: ConnectionId = Symbol(name);
  const decode = frameDecoder();
  const refuse = (error: unknown): void => {
    console.error(`${name} closes a connection: ${error instanceof Error ? error.message : String(error)}`);
    socket.destroy();
  };
  const respond = async (request: Message): Promise<void> => {
    const answer = request.kind === 'hello' ? message('welcome') : await service.answer(request, connection);
    if (socket.writable) socket.write(encodeFrame(answer));
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const request of decode(chunk)) respond(request).catch(refuse);
    } catch (error) {
      refuse(error);
    }
  });
  // 'close' follows, and is what counts.
  socket.on('error', () => undefined);
  socket.on('close', () => service.disconnected(connection));
}
