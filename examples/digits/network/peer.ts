import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TrainingError } from '../training-error.ts';
import type { Address } from './cluster.ts';
import { encodeFrame, frameDecoder, message, type Message } from './wire.ts';

/** Another replica, to which this one sends requests. */
export interface Peer {
  /** Sends a request and waits for its answer. Answers come in the order of the requests. Throws what `lost` holds. */
  call(request: Message): Promise<Message>;
  /** Resolved with the reason when the connection ends without `close`. */
  readonly lost: Promise<TrainingError>;
  close(): void;
}

export interface PeerOptions {
  /** What messages call it, for example `ps 0`. */
  readonly name: string;
  readonly address: Address;
  /** How long it may take to start. */
  readonly timeoutMs: number;
}

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1000;
/** A port may accept connections before the replica runs behind it; then no answer comes. */
const WELCOME_TIMEOUT_MS = 5000;

/** Connects to a replica, and waits for it where it has not started yet: replicas start in any order. */
export async function connectPeer(options: PeerOptions): Promise<Peer> {
  const deadline = performance.now() + options.timeoutMs;
  for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(2 * delayMs, LAST_RETRY_MS)) {
    try {
      return await tryToConnect(options);
    } catch (error) {
      if (performance.now() + delayMs > deadline) throw neverStarted(options, error);
    }
    await sleep(delayMs);
  }
}

async function tryToConnect(options: PeerOptions): Promise<Peer> {
  const socket = connect({ ...options.address, noDelay: true, keepAlive: true });
  const impatience = setTimeout(() => socket.destroy(new Error('it does not answer')), WELCOME_TIMEOUT_MS);
  try {
    await once(socket, 'connect');
    const peer = peerOn(socket, options);
    await peer.call(message('hello'));
    return peer;
  } finally {
    clearTimeout(impatience);
  }
}

interface PendingCall {
  readonly resolve: (answer: Message) => void;
  readonly reject: (error: TrainingError) => void;
}

function peerOn(socket: Socket, { name, address }: PeerOptions): Peer {
  const pending: PendingCall[] = [];
  const lost = Promise.withResolvers<TrainingError>();
  const decode = frameDecoder();
  let reason = 'it closed the connection';
  let isOpen = true;
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const answer of decode(chunk)) pending.shift()?.resolve(answer);
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  socket.on('error', (error) => (reason = error.message));
  const ended = (): TrainingError =>
    new TrainingError(`Lost ${name} at ${address.host}:${address.port}: ${reason}.`);
  socket.on('close', () => {
    if (isOpen) lost.resolve(ended());
    isOpen = false;
    for (const call of pending.splice(0)) call.reject(ended());
  });
  return {
    lost: lost.promise,
    call: (request) =>
      new Promise((resolve, reject) => {
        if (isOpen) {
          pending.push({ resolve, reject });
          socket.write(encodeFrame(request));
        } else {
          reject(ended());
        }
      }),
    close: () => {
      isOpen = false;
      socket.end();
    },
  };
}

function neverStarted({ name, address, timeoutMs }: PeerOptions, cause: unknown): TrainingError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new TrainingError(
    `${name} at ${address.host}:${address.port} did not start within ${timeoutMs / 1000} s: ${detail}`,
  );
}
