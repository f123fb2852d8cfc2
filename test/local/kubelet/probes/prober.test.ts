import { describe, expect, it } from 'vitest';
import { runProbe } from '../../../../local/kubelet/probes/prober.ts';
import type { Probe } from '../../../../core/pod.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const GOOD = null;
const BAD = 'refused';

/** What is told of answers that come one after the other, the last of them again and again; with the second of each. */
async function told(probe: Probe, answers: (string | null)[], seconds: number): Promise<string[]> {
  const clock = new FakeClock();
  const begun = clock.elapsed();
  const lines: string[] = [];
  const stop = new AbortController();
  let asked = 0;
  const check = (): Promise<string | null> =>
    Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? null);
  const running = runProbe(probe, check, clock, stop.signal, (verdict) =>
    lines.push(`${(clock.elapsed() - begun) / 1_000} ${verdict.passes ? 'passes' : verdict.message}`),
  );
  for (let second = 0; second < seconds; second++) await clock.advance(1_000);
  stop.abort();
  await running;
  return lines;
}

describe('a probe', () => {
  it.each<[what: string, probe: Probe, answers: (string | null)[], lines: string[]]>([
    ['passes with its first good answer, and says so once', { periodSeconds: 5 }, [GOOD], ['0 passes']],
    ['waits for its first delay', { initialDelaySeconds: 7, periodSeconds: 5 }, [GOOD], ['7 passes']],
    ['asks every ten seconds, and fails with the third bad answer', {}, [BAD], ['20 refused']],
    [
      'fails as often as asked, and again',
      { periodSeconds: 3, failureThreshold: 2 },
      [BAD],
      ['3 refused', '9 refused', '15 refused', '21 refused', '27 refused'],
    ],
    [
      'forgives where a good answer comes between',
      { periodSeconds: 5 },
      [BAD, BAD, GOOD, BAD, BAD, GOOD],
      ['10 passes', '25 passes'],
    ],
    [
      'passes again after it failed',
      { periodSeconds: 5, failureThreshold: 1 },
      [GOOD, BAD, GOOD],
      ['0 passes', '5 refused', '10 passes'],
    ],
    [
      'needs so many good answers',
      { periodSeconds: 5, successThreshold: 3 },
      [GOOD, BAD, GOOD],
      ['20 passes'],
    ],
  ])('%s', async (_, probe, answers, lines) => expect(await told(probe, answers, 29)).toEqual(lines));

  it('takes an answer that is late for a bad one', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const lines: string[] = [];
    const check = (signal: AbortSignal): Promise<null> =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
    const running = runProbe(
      { failureThreshold: 1, timeoutSeconds: 2 },
      check,
      clock,
      stop.signal,
      (verdict) => lines.push(verdict.passes ? 'passes' : verdict.message),
    );
    await clock.advance(0);
    await clock.advance(2_000);
    expect(lines).toEqual(['no answer within 2 s']);
    stop.abort();
    await running;
    expect(clock.pending).toBe(0);
  });
});
