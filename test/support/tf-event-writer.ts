import { maskedCrc32c } from '../../metrics-collector/tf-event/crc32c.ts';

/** A value of a summary: the way TensorFlow 1 and tensorboardX write scalars, or the way TensorFlow 2 does. */
export type SummaryValue = { tag: string; simpleValue: number } | { tag: string; tensor: Uint8Array };

export interface TestEvent {
  wallTimeSeconds: number;
  step: number;
  values?: readonly SummaryValue[];
}

/** A whole event file: the version record that every writer begins with, then the events. */
export function eventFile(events: readonly TestEvent[]): Uint8Array {
  const version = message([3, 'bytes', utf8('brain.Event:2')]);
  return bytes(record(version), ...events.map((event) => record(encodeEvent(event))));
}

/** TFRecord framing around a payload. */
export function record(payload: Uint8Array): Uint8Array {
  const length = littleEndian(8, (view) => view.setBigUint64(0, BigInt(payload.length), true));
  return bytes(length, checksum(length), payload, checksum(payload));
}

export function encodeEvent({ wallTimeSeconds, step, values = [] }: TestEvent): Uint8Array {
  const summary = bytes(...values.map((value) => message([1, 'bytes', encodeValue(value)])));
  return bytes(
    message([1, 'fixed64', double(wallTimeSeconds)], [2, 'varint', step]),
    values.length > 0 ? message([5, 'bytes', summary]) : new Uint8Array(0),
  );
}

function encodeValue(value: SummaryValue): Uint8Array {
  const tag = message([1, 'bytes', utf8(value.tag)]);
  return 'tensor' in value
    ? bytes(tag, message([8, 'bytes', value.tensor]))
    : bytes(tag, message([2, 'fixed32', float(value.simpleValue)]));
}

type Field = [number: number, wire: 'varint', value: number | bigint] | [number, WireBytes, Uint8Array];
type WireBytes = 'fixed64' | 'bytes' | 'fixed32';
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

/** A protobuf message of these fields. */
export function message(...fields: Field[]): Uint8Array {
  const parts = fields.flatMap(([number, wire, value]) => {
    const key = varint(number * 8 + WIRE[wire]);
    if (!(value instanceof Uint8Array)) return [key, varint(value)];
    return wire === 'bytes' ? [key, varint(value.length), value] : [key, value];
  });
  return bytes(...parts);
}

export function varint(value: number | bigint): Uint8Array {
  const groups: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) groups.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...groups, Number(rest)]);
}

export function bytes(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function double(value: number): Uint8Array {
  return littleEndian(8, (view) => view.setFloat64(0, value, true));
}

export function float(value: number): Uint8Array {
  return littleEndian(4, (view) => view.setFloat32(0, value, true));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function checksum(content: Uint8Array): Uint8Array {
  return littleEndian(4, (view) => view.setUint32(0, maskedCrc32c(content), true));
}

function littleEndian(size: number, write: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(size));
  write(view);
  return new Uint8Array(view.buffer);
}
