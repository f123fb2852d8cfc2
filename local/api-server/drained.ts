import { once } from 'node:events';
import type { Response } from 'express';

/** Resolves when the client has read what it was sent, or is gone: so that a slow one costs no memory. */
export async function drained(response: Response, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal }).catch(() => undefined);
}
