import type { Output } from '../output/output.ts';
import { finishedLine } from './finished-line.ts';
import { formatBest } from './format.ts';
import type { Progress } from './progress.ts';

/** One line for each finished trial: for files, pipes and CI. */
export function lineProgress(output: Output): Progress {
  return {
    showsLiveTrials: false,
    update: () => undefined,
    trialFinished(experiment, trial, place) {
      output.err(finishedLine(experiment, trial, place, formatBest(experiment)));
    },
    note: (line) => output.err(line),
    end: () => undefined,
  };
}
