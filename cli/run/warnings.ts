import { sleep, type Clock } from '../../core/clock.ts';
import { DISK_FULL } from '../../core/disk-space.ts';
import { parseTime } from '../../core/time.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EVENTS } from '../../kube/resource.ts';
import { isTelling, type Warning, warningOf } from '../../experiments/warnings.ts';

/** One code with ever new messages must not fill the screen. */
const MAX_OF_ONE_CODE = 3;
const MAX_MESSAGES = 30;
const RETRY_MS = 1000;

export interface WarningsOptions {
  client: KubeClient;
  clock: Clock;
  signal: AbortSignal;
  tell: (line: string) => void;
}

/**
 * Tells each warning that is recorded from now on, once, until the signal; a full disk is told elsewhere, by a way that
 * needs no disk (shortages.ts). Never rejects.
 */
export async function tellWarnings({ client, clock, signal, tell }: WarningsOptions): Promise<void> {
  const startedMs = clock.elapsed();
  // Events carry whole seconds.
  const isNew = (timeMs: number): boolean =>
    clock.now() - clock.momentOf(timeMs) <= clock.elapsed() - startedMs + 1_000;
  const tellOnce = boundedTeller(tell);
  while (!signal.aborted) {
    try {
      for await (const change of client.watch(EVENTS, { fieldSelector: 'type=Warning', signal })) {
        if (change.type === 'BOOKMARK' || change.type === 'DELETED') continue;
        const { object: event } = change;
        if (!isTelling(event) || event.reason === DISK_FULL) continue;
        if (isNew(parseTime(event.lastTimestamp ?? ''))) tellOnce(warningOf(event));
      }
    } catch {
      // A watch that broke begins again with everything there is, of which most has been told.
    }
    await sleep(clock, RETRY_MS, signal).catch(() => undefined);
  }
}

/** Tells a (code, message) once, and little of much: all of it is in `describe` and the log. */
export function boundedTeller(tell: (line: string) => void): (warning: Warning) => void {
  const told = new Set<string>();
  const counts = new Map<string, number>();
  return ({ reason, message }) => {
    const line = `Warning ${reason}: ${message}`;
    if (told.size >= MAX_MESSAGES || told.has(line)) return;
    told.add(line);
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    if (count <= MAX_OF_ONE_CODE) tell(line);
    else if (count === MAX_OF_ONE_CODE + 1) tell(`Further warnings ${reason} are in the log only.`);
  };
}
