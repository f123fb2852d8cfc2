/** One field of a protobuf message: its number, and what it holds by wire type. */
export type Field =
  | { number: number; wire: 'varint'; value: bigint }
  | { number: number; wire: 'fixed64' | 'bytes' | 'fixed32'; bytes: Uint8Array };

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** The bytes are not a protobuf message. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/**
 * The fields of a message in the order written. `bytes` of a field are a view, not a copy. Throws MalformedMessage.
 * https://protobuf.dev/programming-guides/encoding/
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    const [value, end] = readVarint(message, at);
    at = end;
    return value;
  };
  const take = (size: number): Uint8Array => {
    if (size > message.length - at) throw new MalformedMessage('field runs over the end of its message');
    at += size;
    return message.subarray(at - size, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case WIRE.varint:
        yield { number, wire: 'varint', value: varint() };
        break;
      case WIRE.fixed64:
        yield { number, wire: 'fixed64', bytes: take(8) };
        break;
      case WIRE.bytes:
        yield { number, wire: 'bytes', bytes: take(Number(varint())) };
        break;
      case WIRE.fixed32:
        yield { number, wire: 'fixed32', bytes: take(4) };
        break;
      default:
        throw new MalformedMessage(`field ${number} has wire type ${key % 8}`);
    }
  }
}

/** All varints of a packed field. */
export function* readPackedVarints(bytes: Uint8Array): Generator<bigint> {
  for (let at = 0; at < bytes.length;) {
    const [value, end] = readVarint(bytes, at);
    yield value;
    at = end;
  }
}

export function readDouble(bytes: Uint8Array): number {
  return viewOf(bytes).getFloat64(0, true);
}

export function readFloat(bytes: Uint8Array): number {
  return viewOf(bytes).getFloat32(0, true);
}

export function readString(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function readVarint(bytes: Uint8Array, start: number): [value: bigint, end: number] {
  let value = 0n;
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return [BigInt.asUintN(64, value), at + 1];
  }
  throw new MalformedMessage('number without end');
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
