import type { ExperimentSummary, TrialSummary } from '../../experiments/summary.ts';

/** Shows running experiments. One implementation redraws a bar on a terminal, the other prints lines. */
export interface Progress {
  /** Whether `update` shows what running trials reported; reading that costs a query each. */
  readonly showsLiveTrials: boolean;
  /** Called on every change of the experiment or its trials, and about once a second. */
  update(experiment: ExperimentSummary, live: readonly LiveTrial[]): void;
  /** Called once for each trial that has ended; `place` is its number among all that have ended, from 1. */
  trialFinished(experiment: ExperimentSummary, trial: TrialSummary, place: number): void;
  /** Prints a line of talk without disturbing what is shown. */
  note(line: string): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

/** What a running trial reported last. */
export interface LiveTrial {
  name: string;
  /** The objective's latest value; null before its first report. */
  value: number | null;
}
