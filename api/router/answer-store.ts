import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { Problem } from '../problem/problem.ts';
import type { Answer } from '../route.ts';

const KEPT_MS = 24 * 60 * 60 * 1000;
const KEPT_ANSWERS = 1_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

interface KeptAnswer {
  readonly fingerprint: string;
  readonly answer: Promise<Answer>;
  readonly untilMs: number;
}

/** Answers to requests with an `Idempotency-Key`, so that the same request again changes nothing again. */
export interface AnswerStore {
  /**
   * The answer of `compute`, or of the request that came before with this key. Failures are forgotten: they may be
   * repeated. @throws Problem for a key that belongs to another request.
   */
  once(key: string, fingerprint: string, compute: () => Promise<Answer>): Promise<Answer>;
}

export function createAnswerStore(clock: Clock): AnswerStore {
  const kept = new Map<string, KeptAnswer>();
  return {
    async once(key, fingerprint, compute) {
      if (!KEY.test(key)) throw invalidKey();
      const nowMs = clock.elapsed();
      const known = kept.get(key);
      if (known && known.untilMs > nowMs) {
        if (known.fingerprint !== fingerprint) throw keyReused();
        return replayed(await known.answer);
      }
      const answer = compute();
      kept.delete(key);
      kept.set(key, { fingerprint, answer, untilMs: nowMs + KEPT_MS });
      forgetOldest(kept);
      try {
        return await answer;
      } catch (error) {
        if (kept.get(key)?.answer === answer) kept.delete(key);
        throw error;
      }
    },
  };
}

/** What makes two requests the same. */
export function requestFingerprint(method: string, url: string, body: string): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body]))
    .digest('base64url');
}

export function replayed(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'idempotent-replayed': 'true' } };
}

export function keyReused(): Problem {
  return new Problem(
    'REST_IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key came with another request before.',
    {
      hint: 'Take a new key for each request, and the same key only to repeat one.',
      errors: [{ parameter: 'Idempotency-Key', message: 'It belongs to another request.' }],
    },
  );
}

function invalidKey(): Problem {
  const message = 'An Idempotency-Key has 1 to 255 visible ASCII characters.';
  const hint = 'Take a random one, for example a UUID.';
  return new Problem('REST_PARAMETER_INVALID', message, {
    hint,
    errors: [{ parameter: 'Idempotency-Key', message, hint }],
  });
}

/** A map keeps the order in which its entries were set. */
function forgetOldest(kept: Map<string, KeptAnswer>): void {
  for (const key of kept.keys()) {
    if (kept.size <= KEPT_ANSWERS) return;
    kept.delete(key);
  }
}
