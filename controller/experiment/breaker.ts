import { failureNature } from '../../core/failure-codes/failure-entry.ts';
import { RESUMED_AT_ANNOTATION } from '../../core/labels.ts';
import type { StoredExperiment } from '../../core/experiment.ts';
import { parseTime } from '../../core/time.ts';
import { isTerminal, type StoredTrial } from '../../core/trial.ts';
import { trialFacts } from '../trial-facts.ts';
import type { TrialTally } from './tally.ts';

/**
 * How many trials must have failed in the same way, and none have had a result, before the experiment is stopped. What
 * is wrong with the setup shows in a few trials; what may follow from the parameters' values must have shown with many.
 */
export const ALIKE_LIMIT = { setup: 3, parameters: 10, infrastructure: 10 } as const;

export interface AlikeFailures {
  code: string;
  count: number;
  /** The name of one of the trials. */
  example: string;
}

/**
 * The failures of the trials that have ended, where all of them failed in the same way and are enough to stop for;
 * undefined otherwise. Trials that were killed say nothing, and neither do those created before the experiment was
 * told to go on.
 */
export function alikeFailures(
  experiment: StoredExperiment,
  trials: readonly StoredTrial[],
  tally: TrialTally,
): AlikeFailures | undefined {
  if (tally.failures < ALIKE_LIMIT.setup) return undefined;
  const sinceMs = resumedAtMs(experiment);
  if (sinceMs === null && hasResults(tally)) return undefined;
  const found = sameFailure(trials, sinceMs ?? -Infinity);
  return found && found.count >= ALIKE_LIMIT[failureNature(found.code)] ? found : undefined;
}

/** When the experiment was told to go on after it had ended, or null. */
export function resumedAtMs({ metadata }: StoredExperiment): number | null {
  const ms = parseTime(metadata.annotations?.[RESUMED_AT_ANNOTATION] ?? '');
  return Number.isNaN(ms) ? null : ms;
}

export function describeAlikeFailures({ code, count, example }: AlikeFailures): string {
  return `${count} trials, and no other, ended with ${code}, for example trial ${example}. Correct the cause and resume the experiment`;
}

function hasResults({ counts }: TrialTally): boolean {
  return counts.Succeeded + counts.EarlyStopped > 0;
}

/** From the newest backwards: most experiments have a result near the end, which settles it. */
function sameFailure(trials: readonly StoredTrial[], sinceMs: number): AlikeFailures | undefined {
  let found: AlikeFailures | undefined;
  for (let at = trials.length - 1; at >= 0; at--) {
    const trial = trials[at];
    if (!trial) continue;
    const { state, name, failureCode, createdAt } = trialFacts(trial);
    if (!isTerminal(state) || state === 'Killed' || parseTime(createdAt) < wholeSeconds(sinceMs)) continue;
    if (failureCode === null || (found && found.code !== failureCode)) return undefined;
    found = { code: failureCode, count: (found?.count ?? 0) + 1, example: name };
  }
  return found;
}

/** Creation times have whole seconds. */
function wholeSeconds(ms: number): number {
  return Number.isFinite(ms) ? Math.floor(ms / 1_000) * 1_000 : ms;
}
