import { z } from 'zod';
import { rfc3339Seconds } from '../core/time.ts';

/** Messages of conditions can carry the end of a log: lists show their first line. */
export const MAX_MESSAGE_LENGTH = 400;

export const timeSchema = z.string().describe('RFC 3339, UTC.');

export function timeText(epochMs: number | null): string | null {
  return epochMs === null ? null : rfc3339Seconds(epochMs);
}
