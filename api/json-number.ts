import { z } from 'zod';

/** A number in JSON, which has no NaN and no infinities: they are told as words. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export const jsonNumberSchema = z
  .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
  .meta({ id: 'Number', description: 'A number; NaN and the infinities are texts.' });

export function jsonNumber(value: number): JsonNumber {
  return Number.isFinite(value) ? value : (String(value) as JsonNumber);
}
