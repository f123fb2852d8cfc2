import { readDouble, readFields, readFloat, readString } from '../../core/protobuf.ts';
import { readScalarTensor, shortestFloat32 } from './tensor.ts';

/** Fields of `Event` and `Summary` in tensorflow/core/util/event.proto and framework/summary.proto. */
const EVENT = { wallTime: 1, step: 2, summary: 5 } as const;
const SUMMARY = { value: 1 } as const;
const SUMMARY_VALUE = { tag: 1, simpleValue: 2, tensor: 8 } as const;

/** One number that a training wrote for TensorBoard. */
export interface Scalar {
  tag: string;
  value: number;
}

export interface ScalarEvent {
  /** Milliseconds since the epoch; null where the event does not say. */
  timeMs: number | null;
  step: number;
  /** Empty for events without scalars: graphs, images, histograms, the file's version. */
  scalars: Scalar[];
}

/** Throws MalformedMessage. */
export function readEvent(message: Uint8Array): ScalarEvent {
  const event: ScalarEvent = { timeMs: null, step: 0, scalars: [] };
  for (const field of readFields(message)) {
    if (field.number === EVENT.wallTime && field.wire === 'fixed64') {
      event.timeMs = timeOf(readDouble(field.bytes));
    } else if (field.number === EVENT.step && field.wire === 'varint') {
      event.step = Number(BigInt.asIntN(64, field.value));
    } else if (field.number === EVENT.summary && field.wire === 'bytes') {
      event.scalars.push(...readSummary(field.bytes));
    }
  }
  return event;
}

function timeOf(wallTimeSeconds: number): number | null {
  const ms = Math.round(wallTimeSeconds * 1_000);
  return Math.abs(ms) <= 8.64e15 ? ms : null;
}

function* readSummary(message: Uint8Array): Generator<Scalar> {
  for (const field of readFields(message)) {
    if (field.number !== SUMMARY.value || field.wire !== 'bytes') continue;
    const scalar = readSummaryValue(field.bytes);
    if (scalar) yield scalar;
  }
}

function readSummaryValue(message: Uint8Array): Scalar | null {
  let tag = '';
  let value: number | null = null;
  for (const field of readFields(message)) {
    if (field.number === SUMMARY_VALUE.tag && field.wire === 'bytes') {
      tag = readString(field.bytes);
    } else if (field.number === SUMMARY_VALUE.simpleValue && field.wire === 'fixed32') {
      value = shortestFloat32(readFloat(field.bytes));
    } else if (field.number === SUMMARY_VALUE.tensor && field.wire === 'bytes') {
      value = readScalarTensor(field.bytes);
    }
  }
  return value === null ? null : { tag, value };
}
