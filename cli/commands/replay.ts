import { Command, InvalidArgumentError, Option } from 'commander';
import { EARLY_STOPPERS } from '../../algorithms/early-stopping/registry.ts';
import { replayRules, ruleOf, rulesToReplay, type ReplayView } from '../../experiments/replay.ts';
import { dataDirectory } from '../data-directory.ts';
import { formatDuration } from '../duration.ts';
import { openResults } from '../open-results.ts';
import { dataDirOption, namespaceOption, outputOption } from '../options.ts';
import type { Output } from '../output/output.ts';
import { textTable } from '../output/text-table.ts';
import { formatValue } from '../progress/format.ts';

type Setting = readonly [name: string, value: string];

interface ReplayOptions {
  dataDir: string;
  namespace?: string;
  rule?: string;
  set: Setting[];
  output: 'text' | 'json';
}

export function replayCommand(output: Output): Command {
  return new Command('replay')
    .description('what an early stopper would have done to the trials of an experiment')
    .argument('<experiment>')
    .addOption(
      new Option('--rule <rule>', 'the early stopper; all that need no setting where absent').choices(
        EARLY_STOPPERS.map(({ name }) => name),
      ),
    )
    .addOption(
      new Option('--set <name=value>', 'a setting of the early stopper; may be repeated')
        .argParser(setting)
        .default([], 'its defaults'),
    )
    .addOption(namespaceOption())
    .addOption(outputOption(['text', 'json']))
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  katydid replay digits --rule medianstop --set start_step=2')
    .action(async (name: string, options: ReplayOptions, command: Command) => {
      const { rule, set } = options;
      if (rule === undefined && set.length > 0)
        command.error('error: --set needs --rule, the early stopper that it is a setting of');
      const results = openResults(dataDirectory(options.dataDir));
      try {
        const experiment = await results.experiment(name, options.namespace);
        const rules = rulesToReplay(experiment, rule === undefined ? null : ruleOf(rule, set));
        const trials = await results.trialsOf(experiment);
        const replays = await replayRules(results.observations, experiment, trials, rules);
        const metric = experiment.spec.objective.objectiveMetricName;
        for (const line of replayLines({ experiment: name, metric, replays }, options.output))
          output.out(line);
      } finally {
        await results.close();
      }
    });
}

function setting(text: string, before: Setting[]): Setting[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`"${text}" is not of the form name=value.`);
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}

interface Replays {
  experiment: string;
  metric: string;
  replays: readonly ReplayView[];
}

export function replayLines(found: Replays, format: ReplayOptions['output']): string[] {
  if (format === 'json') return [JSON.stringify(found)];
  const { metric, replays } = found;
  if (replays.every(({ reports }) => reports === 0)) return [`No trial has reported ${metric}.`];
  const [only, ...others] = replays;
  if (only && others.length === 0) return [summaryOf(only), bestLine(only, metric), ...stopLines(only)];
  const rows = replays.map((replay) => [
    replay.rule,
    `${replay.stopped}/${replay.trials}`,
    `${replay.reportsSaved}/${replay.reports} (${percentSaved(replay)})`,
    formatDuration(replay.secondsSaved * 1_000),
    replay.isBestLost ? 'lost' : 'kept',
    formatValue(replay.bestValue),
  ]);
  return [
    textTable(['RULE', 'STOPPED', 'REPORTS SAVED', 'TIME SAVED', 'BEST TRIAL', metric.toUpperCase()], rows),
  ];
}

function summaryOf(replay: ReplayView): string {
  const { rule, stopped, trials, reportsSaved, reports, secondsSaved } = replay;
  const time = formatDuration(secondsSaved * 1_000);
  return `${rule} would have stopped ${stopped} of ${trials} trials and saved ${reportsSaved} of ${reports} reports (${percentSaved(replay)}), ${time} of training.`;
}

function bestLine({ best, isBestLost, bestValue }: ReplayView, metric: string): string {
  if (!best) return `No trial has a number for ${metric}.`;
  const was = `${best.trial} (${metric} = ${formatValue(best.value)})`;
  if (!isBestLost) return `The best trial, ${was}, would still be the best.`;
  return `The best trial, ${was}, would have been lost at step ${best.stoppedAtStep ?? '-'}; the best would be ${formatValue(bestValue)}.`;
}

function percentSaved({ reports, reportsSaved }: ReplayView): string {
  return `${Math.round((100 * reportsSaved) / Math.max(1, reports))} %`;
}

function stopLines({ stops }: ReplayView): string[] {
  if (stops.length === 0) return [];
  const rows = stops.map(({ trial, step, reports, reportsSaved, finalValue, reason }) => [
    trial,
    String(step),
    `${reportsSaved}/${reports}`,
    formatValue(finalValue),
    reason,
  ]);
  return ['', textTable(['TRIAL', 'STEP', 'SAVED', 'IN THE END', 'WHY'], rows)];
}
