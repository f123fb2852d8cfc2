import type { JsonObject } from '../../../core/json.ts';
import { type Field, MalformedMessage, readFields, readString } from '../../../core/protobuf.ts';
import { MESSAGE_TYPES, type FieldType, type MessageType } from './message-types.ts';

/** What is sent cannot be read here: a kind or a field that is not among those of `MESSAGE_TYPES`. */
export class UnknownMessage extends Error {
  override readonly name = 'UnknownMessage';
}

/** Every object in protobuf begins with this. */
const MAGIC = Buffer.from('k8s\0');

const ENVELOPE: MessageType = {
  1: ['type', { message: () => ({ 1: ['apiVersion', 'text-or-none'], 2: ['kind', 'text-or-none'] }) }],
};
const RAW_FIELD = 2;

/**
 * An object of Kubernetes' API in protobuf as the object that JSON would have been. Throws MalformedMessage, or UnknownMessage
 * where something in it would be lost.
 */
export function readProtobufObject(bytes: Uint8Array): JsonObject {
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length)))
    throw new MalformedMessage('the body does not begin as objects in protobuf do');
  const envelope = [...readFields(bytes.subarray(MAGIC.length))];
  const { type = {} } = readMessage(
    ENVELOPE,
    envelope.filter(({ number }) => number === 1),
  ) as {
    type?: { apiVersion?: string; kind?: string };
  };
  const { apiVersion = '', kind = '' } = type;
  const messageType = MESSAGE_TYPES[`${apiVersion} ${kind}`];
  if (!messageType) throw new UnknownMessage(`${kind} of ${apiVersion} is not understood in protobuf here`);
  const raw = envelope.flatMap((field) => (field.number === RAW_FIELD ? [bytesOf(field)] : []));
  return { apiVersion, kind, ...readMessage(messageType, [...readFields(Buffer.concat(raw))]) };
}

function readMessage(type: MessageType, fields: Iterable<Field>): JsonObject {
  const object: JsonObject = {};
  for (const field of fields) {
    const [name, fieldType] = type[field.number] ?? [];
    if (name === undefined || fieldType === undefined) {
      if (!isZero(field))
        throw new UnknownMessage(`field ${field.number} is not understood in protobuf here`);
      continue;
    }
    const value = readField(fieldType, field, object[name]);
    if (value !== undefined) object[name] = value;
  }
  return object;
}

/** The value of a field after what was read of it before; undefined where there is none. */
function readField(type: FieldType, field: Field, before: unknown): unknown {
  switch (type) {
    case 'ignored':
      return undefined;
    case 'text-or-none':
      return readString(bytesOf(field)) || undefined;
    case 'texts':
      return [...listOf(before), readString(bytesOf(field))];
    case 'integer':
      return integerOf(field);
    case 'integer-or-none':
      return integerOf(field) || undefined;
    case 'flag':
      return integerOf(field) !== 0;
    case 'wrapped-text':
      return wrappedText(bytesOf(field));
    default:
      return readCompound(type, field, before);
  }
}

function readCompound(type: Exclude<FieldType, string>, field: Field, before: unknown): unknown {
  const bytes = bytesOf(field);
  if ('listOf' in type) return [...listOf(before), readMessage(type.listOf(), readFields(bytes))];
  if ('mapOf' in type) return { ...(before as JsonObject | undefined), ...mapEntry(type.mapOf, bytes) };
  const message = readMessage(type.message(), readFields(bytes));
  return Object.keys(message).length === 0 ? undefined : message;
}

/** An entry of a map is a message of its key and its value. */
function mapEntry(type: 'text' | 'base64' | 'wrapped-text', bytes: Uint8Array): JsonObject {
  let key = '';
  let value: Uint8Array = Buffer.alloc(0);
  for (const field of readFields(bytes)) {
    if (field.number === 1) key = readString(bytesOf(field));
    if (field.number === 2) value = bytesOf(field);
  }
  switch (type) {
    case 'text':
      return Object.fromEntries([[key, readString(value)]]);
    case 'base64':
      return Object.fromEntries([[key, Buffer.from(value).toString('base64')]]);
    case 'wrapped-text':
      return Object.fromEntries([[key, wrappedText(value)]]);
  }
}

function wrappedText(bytes: Uint8Array): string {
  for (const field of readFields(bytes)) if (field.number === 1) return readString(bytesOf(field));
  return '';
}

function bytesOf(field: Field): Uint8Array {
  if (field.wire === 'bytes') return field.bytes;
  throw new MalformedMessage(`field ${field.number} is of another type`);
}

function integerOf(field: Field): number {
  if (field.wire === 'varint') return Number(BigInt.asIntN(64, field.value));
  throw new MalformedMessage(`field ${field.number} is of another type`);
}

/** Go writes fields that were not set as well. */
function isZero(field: Field): boolean {
  return field.wire === 'varint' ? field.value === 0n : field.bytes.every((byte) => byte === 0);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
