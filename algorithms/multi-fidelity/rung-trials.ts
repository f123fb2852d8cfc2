import { BRACKET_LABEL, PARENT_LABEL, RUNG_LABEL } from '../../core/labels.ts';
import { HISTORY_STATE, type TrialHistory, type TrialLabels } from '../trial-history.ts';

/** A trial at its rung. */
export interface RungTrial {
  /** Its row in the history. */
  readonly row: number;
  readonly name: string;
  /** 0 for algorithms without brackets. */
  readonly bracket: number;
  readonly rung: number;
  /** Name of the trial that it goes on from; null where it begins from nothing. */
  readonly parent: string | null;
  readonly isRunning: boolean;
  /** Less is better; Infinity where there is none or the trial did not come to its end. */
  readonly loss: number;
}

/** The trials of a search in rungs, and which of them others go on from. */
export interface RungTrials {
  readonly trials: RungTrial[];
  /** Names of the trials that another trial goes on from. */
  readonly promoted: Set<string>;
}

/**
 * Reads where each trial stands from its labels; trials without are none of the search's. `sign` is 1 where less is better and
 * -1 where more is.
 */
export function readRungTrials(history: TrialHistory, sign: 1 | -1): RungTrials {
  const read: RungTrials = { trials: [], promoted: new Set() };
  for (let row = 0; row < history.size; row++) {
    const tag = history.tag(row);
    const rung = wholeNumber(tag?.labels[RUNG_LABEL]);
    if (!tag || rung === undefined) continue;
    const state = history.state(row);
    const value = sign * history.value(row);
    addTrial(read, {
      row,
      name: tag.name,
      bracket: wholeNumber(tag.labels[BRACKET_LABEL]) ?? 0,
      rung,
      parent: tag.labels[PARENT_LABEL] ?? null,
      isRunning: state === HISTORY_STATE.running,
      loss: state === HISTORY_STATE.succeeded && Number.isFinite(value) ? value : Infinity,
    });
  }
  return read;
}

export function addTrial({ trials, promoted }: RungTrials, trial: RungTrial): void {
  trials.push(trial);
  if (trial.parent !== null) promoted.add(trial.parent);
}

/** The labels by which `readRungTrials` knows a trial again. */
export function rungLabels(trial: {
  bracket: number | null;
  rung: number;
  parent: RungTrial | null;
}): TrialLabels {
  return {
    ...(trial.bracket !== null && { [BRACKET_LABEL]: String(trial.bracket) }),
    [RUNG_LABEL]: String(trial.rung),
    ...(trial.parent && { [PARENT_LABEL]: trial.parent.name }),
  };
}

/** Best first; of equals the older one, and those without a result at the end. */
export function ranked(trials: readonly RungTrial[]): RungTrial[] {
  return trials.toSorted((a, b) => (a.loss === b.loss ? a.row - b.row : a.loss - b.loss));
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
