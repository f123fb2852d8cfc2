import type { Clock } from '../../core/clock.ts';
import type { Output } from '../output/output.ts';
import { finishedTrials, type ExperimentSummary } from '../results/summary.ts';
import { estimateRemainingMs, formatBest, formatCounts, formatEta, formatValue } from './format.ts';
import { finishedLine } from './line-progress.ts';
import type { LiveTrial, Progress } from './progress.ts';

const BAR_WIDTH = 24;
const CLEAR_LINE = '\r\u001b[2K';

/** A line at the foot of the terminal that is redrawn in place; finished trials scroll past above it. */
export function barProgress(output: Output, clock: Clock): Progress {
  const startedMs = clock.now();
  const finishedBefore = new Map<string, number>();
  const lines = new Map<string, string>();
  let shown = '';

  const clear = (): void => {
    if (shown !== '') output.raw(CLEAR_LINE);
    shown = '';
  };
  const redraw = (): void => {
    const text = cut([...lines.values()].join('  '), output.columns());
    if (text === shown) return;
    output.raw(`${CLEAR_LINE}${text}`);
    shown = text;
  };
  const above = (line: string): void => {
    clear();
    output.err(line);
    redraw();
  };

  return {
    showsLiveTrials: true,
    update(experiment, live) {
      const before = finishedBefore.get(experiment.name) ?? finishedTrials(experiment.counts);
      finishedBefore.set(experiment.name, before);
      const remainingMs = estimateRemainingMs(experiment, before, clock.now() - startedMs);
      lines.set(experiment.name, barLine(experiment, live, remainingMs));
      redraw();
    },
    trialFinished: (experiment, trial) => above(finishedLine(experiment, trial)),
    note: above,
    end: clear,
  };
}

function barLine(
  experiment: ExperimentSummary,
  live: readonly LiveTrial[],
  remainingMs: number | null,
): string {
  const finished = finishedTrials(experiment.counts);
  const parts = [
    `${experiment.name} ${bar(finished, experiment.maxTrials)} ${finished}/${experiment.maxTrials ?? '?'}`,
    formatCounts(experiment),
    formatBest(experiment),
    formatEta(remainingMs),
    live.map((trial) => `${trial.name} ${formatValue(trial.value)}`).join(', '),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function bar(finished: number, total: number | null): string {
  const filled = total === null || total === 0 ? 0 : Math.round((BAR_WIDTH * finished) / total);
  return `[${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}]`;
}

/** A line that wraps could not be redrawn in place. */
function cut(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}
