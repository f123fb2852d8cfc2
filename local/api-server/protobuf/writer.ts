/* Fields of protobuf messages, as https://protobuf.dev/programming-guides/encoding/ says. Each is given by its number. */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

export function textField(number: number, text: string): Buffer {
  return messageField(number, [Buffer.from(text)]);
}

/** A message within the message, of fields that are encoded already. */
export function messageField(number: number, fields: readonly Buffer[]): Buffer {
  const content = Buffer.concat(fields);
  return Buffer.concat([key(number, LENGTH_DELIMITED), varint(BigInt(content.length)), content]);
}

export function flagField(number: number, value: boolean): Buffer {
  return Buffer.concat([key(number, VARINT), varint(value ? 1n : 0n)]);
}

/** `value` is a whole number. */
export function integerField(number: number, value: number): Buffer {
  return Buffer.concat([key(number, VARINT), varint(BigInt.asUintN(64, BigInt(value)))]);
}

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(number, FIXED64), bytes]);
}

function key(number: number, wireType: number): Buffer {
  return varint(BigInt(number * 8 + wireType));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
