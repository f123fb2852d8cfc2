/* As much of DER, the binary form of ASN.1 (X.690), as a certificate takes. */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export function sequence(...parts: readonly Buffer[]): Buffer {
  return element(TAG.sequence, ...parts);
}

export function set(...parts: readonly Buffer[]): Buffer {
  return element(TAG.set, ...parts);
}

/** A whole number of 0 or more, from its bytes, the highest first. */
export function integer(bytes: Uint8Array): Buffer {
  const firstUsed = bytes.findIndex((byte) => byte !== 0);
  const significant = firstUsed < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(firstUsed));
  const looksNegative = (significant[0] ?? 0) >= 0x80;
  return element(TAG.integer, ...(looksNegative ? [Buffer.from([0])] : []), significant);
}

export function boolean(value: boolean): Buffer {
  return element(TAG.boolean, Buffer.from([value ? 0xff : 0]));
}

/** `unusedBits`: how many of the last byte's low bits do not count. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(TAG.bitString, Buffer.from([unusedBits]), Buffer.from(bytes));
}

export function octetString(bytes: Uint8Array): Buffer {
  return element(TAG.octetString, Buffer.from(bytes));
}

export function utf8String(text: string): Buffer {
  return element(TAG.utf8String, Buffer.from(text));
}

/** From its dotted form, for example `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.objectIdentifier, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** In seconds, in UTC. X.509 asks for two digits of the year up to 2049, and for four from then on. */
export function time(epochMs: number): Buffer {
  const digits = `${new Date(epochMs).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return digits < '2050'
    ? element(TAG.utcTime, Buffer.from(digits.slice(2)))
    : element(TAG.generalizedTime, Buffer.from(digits));
}

/** `[number] EXPLICIT`: wraps an element. */
export function explicit(number: number, ...parts: readonly Buffer[]): Buffer {
  return element(0xa0 + number, ...parts);
}

/** `[number] IMPLICIT` of a type that holds no other elements: takes the place of its tag. */
export function implicit(number: number, bytes: Uint8Array): Buffer {
  return element(0x80 + number, Buffer.from(bytes));
}

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift((rest % 128) + 0x80);
  return digits;
}
