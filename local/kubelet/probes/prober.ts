import { sleep, type Clock } from '../../../core/clock.ts';
import type { Probe } from '../../../core/pod.ts';
import type { ProbeCheck } from './probe-check.ts';

/** What a probe has come to: enough good answers in a row, or enough bad ones, the last of which said `message`. */
export type ProbeVerdict = { passes: true } | { passes: false; message: string };

/**
 * Asks again and again until aborted, and tells each change of the verdict; a bad one is told again each time that the
 * bad answers have gone on for as many as the threshold. Kubernetes' rules: the first answer counts after
 * `initialDelaySeconds`, and an answer that takes longer than `timeoutSeconds` is a bad one. Never rejects.
 */
export async function runProbe(
  probe: Probe,
  check: ProbeCheck,
  clock: Clock,
  signal: AbortSignal,
  tell: (verdict: ProbeVerdict) => void,
): Promise<void> {
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3, successThreshold = 1 } = probe;
  let [good, bad] = [0, 0];
  let waitMs = initialDelaySeconds * 1_000;
  while (await wait(clock, waitMs, signal)) {
    waitMs = periodSeconds * 1_000;
    const message = await askInTime(check, (probe.timeoutSeconds ?? 1) * 1_000, clock, signal);
    if (signal.aborted) return;
    [good, bad] = message === null ? [good + 1, 0] : [0, bad + 1];
    if (message === null && good === successThreshold) tell({ passes: true });
    if (message !== null && bad % failureThreshold === 0) tell({ passes: false, message });
  }
}

function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(clock, ms, signal).then(
    () => true,
    () => false,
  );
}

async function askInTime(
  check: ProbeCheck,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | null> {
  const late = new AbortController();
  const cancel = clock.after(timeoutMs, () => late.abort());
  try {
    const answer = await check(AbortSignal.any([signal, late.signal]));
    return late.signal.aborted ? `no answer within ${timeoutMs / 1_000} s` : answer;
  } finally {
    cancel();
  }
}
