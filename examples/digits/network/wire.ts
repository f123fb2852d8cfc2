import { bytesOf, floatsOf } from '../float-bytes.ts';

/*
 * What the replicas send each other. A frame is
 *
 *   length of the values in bytes : uint32   number of the kind : uint32   values : float32 each
 *
 * with all numbers little-endian.
 */

/** A kind's place in the list is its number on the wire. */
export const MESSAGE_KINDS = [
  // Any replica to one it needs; the answer proves that the right program listens there.
  'hello',
  'welcome',
  // To a parameter server. Values: its part of the parameters or of a gradient.
  'initialise',
  'pull',
  'push',
  'finish',
  // From a parameter server. Values of `parameters`: its part of them.
  'parameters',
  'done',
  // Worker to chief: give me work. Value: the worker's number.
  'next-epoch',
  // Chief to worker. Value of `train`: the epoch's number.
  'train',
  'stop',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export interface Message {
  readonly kind: MessageKind;
  readonly values: Float32Array;
}

const HEADER_BYTES = 8;
/** Far above any message of ours: a larger length means that another protocol is spoken. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;

export function message(kind: MessageKind, values: Float32Array | readonly number[] = []): Message {
  return { kind, values: values instanceof Float32Array ? values : Float32Array.from(values) };
}

export function encodeFrame({ kind, values }: Message): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(values.byteLength, 0);
  header.writeUInt32LE(MESSAGE_KINDS.indexOf(kind), 4);
  return Buffer.concat([header, bytesOf(values)]);
}

/**
 * A decoder of one connection's bytes: takes them in the pieces in which they come, and returns the messages that are
 * complete. Throws where the bytes are no frame.
 */
export function frameDecoder(): (chunk: Buffer) => Message[] {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    const messages: Message[] = [];
    while (pending.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + valueBytes(pending);
      if (pending.length < end) break;
      messages.push(decodeFrame(pending.subarray(0, end)));
      pending = pending.subarray(end);
    }
    return messages;
  };
}

function valueBytes(frame: Buffer): number {
  const bytes = frame.readUInt32LE(0);
  if (bytes > MAX_VALUE_BYTES || bytes % Float32Array.BYTES_PER_ELEMENT !== 0) throw noFrame();
  return bytes;
}

function decodeFrame(frame: Buffer): Message {
  const kind = MESSAGE_KINDS[frame.readUInt32LE(4)];
  if (!kind) throw noFrame();
  return { kind, values: floatsOf(frame.subarray(HEADER_BYTES)) };
}

function noFrame(): Error {
  return new Error('it does not speak the protocol of this training');
}
