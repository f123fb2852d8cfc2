import type { Clock } from '../../core/clock.ts';
import type { Output } from '../output/output.ts';
import { finishedTrials, isFinished, type ExperimentSummary } from '../../experiments/summary.ts';
import { finishedLine } from './finished-line.ts';
import { footer } from './footer.ts';
import { formatBest, formatCounts, formatEta, formatValue } from './format.ts';
import { startPace, type Pace } from './pace.ts';
import type { LiveTrial, Progress } from './progress.ts';

const WIDE_BAR = 24;
const NARROW_BAR = 10;
const NARROW_TERMINAL = 100;

/** A bar for each running experiment at the foot of the terminal; finished trials scroll past above. */
export function barProgress(output: Output, clock: Clock): Progress {
  const startedMs = clock.elapsed();
  const paces = new Map<string, Pace>();
  const bars = new Map<string, string>();
  const foot = footer(output);

  return {
    showsLiveTrials: true,
    update(experiment, live) {
      const key = `${experiment.namespace}/${experiment.name}`;
      const finished = finishedTrials(experiment.counts);
      const pace = paces.get(key) ?? startPace(startedMs, finished);
      paces.set(key, pace);
      const remainingMs = pace.remainingMs(finished, experiment.maxTrials, clock.elapsed());
      if (isFinished(experiment)) bars.delete(key);
      else bars.set(key, barLine(experiment, live, remainingMs, output.columns()));
      foot.show([...bars.values()]);
    },
    trialFinished(experiment, trial, place) {
      const isBest = experiment.best?.name === trial.name;
      foot.above(finishedLine(experiment, trial, place, isBest ? 'best so far' : ''));
    },
    note: (line) => foot.above(line),
    end: () => foot.clear(),
  };
}

/** What matters most stands first: a narrow terminal cuts off the end. */
function barLine(
  experiment: ExperimentSummary,
  live: readonly LiveTrial[],
  remainingMs: number | null,
  columns: number,
): string {
  const finished = finishedTrials(experiment.counts);
  const width = columns < NARROW_TERMINAL ? NARROW_BAR : WIDE_BAR;
  const parts = [
    `${experiment.name} ${bar(finished, experiment.maxTrials, width)} ${finished}/${experiment.maxTrials ?? '?'}`,
    formatEta(remainingMs),
    formatCounts(experiment),
    formatBest(experiment),
    live.map((trial) => `${trial.name} ${formatValue(trial.value)}`).join(', '),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function bar(finished: number, total: number | null, width: number): string {
  const share = total === null || total === 0 ? 0 : Math.min(1, finished / total);
  const filled = Math.round(width * share);
  return `[${'█'.repeat(filled)}${'░'.repeat(width - filled)}]`;
}
