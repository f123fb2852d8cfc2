import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FieldValue } from '../../experiments/query/field-table.ts';
import { Problem } from '../problem/problem.ts';

/*
 * A cursor says after which object a page begins: what the order looks at, of the last object of the page before. Objects
 * that come and go meanwhile move nothing. It is signed, so that the server reads only what it has written.
 */

const SIGNATURE_BYTES = 16;

/** Cursors of one list: its address, filter and order. */
export interface CursorCodec {
  encode(keys: readonly FieldValue[]): string;
  /** @throws Problem REST_CURSOR_INVALID for anything but a cursor of this list. */
  decode(cursor: string): FieldValue[];
}

export function cursorCodec(key: Uint8Array, list: readonly string[]): CursorCodec {
  const sign = (payload: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify(['cursor', ...list, payload]))
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  return {
    encode(keys) {
      const payload = Buffer.from(JSON.stringify(keys.map(encodeKey))).toString('base64url');
      return `${payload}.${sign(payload).toString('base64url')}`;
    },
    decode(cursor) {
      const [payload = '', signature = '', ...rest] = cursor.split('.');
      const given = Buffer.from(signature, 'base64url');
      if (rest.length > 0 || given.length !== SIGNATURE_BYTES || !timingSafeEqual(given, sign(payload)))
        throw invalid();
      const keys: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
      return Array.isArray(keys) ? keys.map(decodeKey) : [];
    },
  };
}

/** JSON has no NaN and no infinities: numbers that it does not have travel in a list of their own. */
function encodeKey(value: FieldValue): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? [String(value)] : value;
}

function decodeKey(value: unknown): FieldValue {
  if (Array.isArray(value)) return Number(value[0]);
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

function invalid(): Problem {
  return new Problem('REST_CURSOR_INVALID', 'The cursor belongs to another list, or is none.', {
    hint: 'Give nextCursor of the page before with the same filter and sort, or begin again without cursor.',
    errors: [{ parameter: 'cursor', message: 'It was not given out for this list.' }],
  });
}
