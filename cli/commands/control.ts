import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError } from 'commander';
import { changeDesiredState, type DesiredVerb } from '../../experiments/verbs/change-desired-state.ts';
import { deleteExperiment } from '../../experiments/verbs/delete-experiment.ts';
import { extendExperiment, type Extension } from '../../experiments/verbs/extend-experiment.ts';
import { stopTrial } from '../../experiments/verbs/stop-trial.ts';
import type { VerbResult } from '../../experiments/verbs/verb-result.ts';
import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import { withControl } from '../control.ts';
import { dataDirectory } from '../data-directory.ts';
import { openResults } from '../open-results.ts';
import { dataDirOption, namespaceOption, outputOption, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';

interface ControlOptions {
  dataDir: string;
  namespace?: string;
  output: 'text' | 'json';
}

const PAST = {
  pause: 'paused',
  resume: 'resumed',
  stop: 'stopped',
  cancel: 'cancelled',
  extend: 'extended',
  delete: 'deleted',
} as const;
type ControlVerb = keyof typeof PAST;

type Verb = (client: KubeClient, ref: ObjectRef) => Promise<VerbResult>;

/** The commands that change experiments that exist, in a running service or in what it left. */
export function controlCommands(output: Output): Command[] {
  return [
    desiredCommand(output, 'pause', 'start no further trial until it is resumed; those that run go on'),
    desiredCommand(
      output,
      'resume',
      'go on with an experiment that was paused, stopped or cancelled, or whose trials failed alike',
    ),
    stopCommand(output),
    extendCommand(output),
    deleteCommand(output),
  ];
}

function desiredCommand(output: Output, verb: DesiredVerb, description: string): Command {
  return shared(new Command(verb).description(description).argument('<experiment...>'))
    .addHelpText('after', `\nExample:\n  katydid ${verb} digits`)
    .action(async (names: string[], options: ControlOptions) => {
      for (const name of names) await onExperiment(output, verb, name, options, desired(verb));
    });
}

function desired(verb: DesiredVerb): Verb {
  return (client, ref) => changeDesiredState(client, ref, verb);
}

interface StopOptions extends ControlOptions {
  now?: true;
}

const TRIAL_PREFIX = 'trial/';

function stopCommand(output: Output): Command {
  return shared(
    new Command('stop')
      .description('start no further trial, and end the experiment when those that run have ended')
      .argument('<experiment...>', 'its name; trial/NAME stops a single trial, and its experiment goes on')
      .option('--now', 'kill the trials that run'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  katydid stop digits\n  katydid stop digits --now\n  katydid stop trial/digits-3',
    )
    .action(async (names: string[], options: StopOptions) => {
      for (const name of names) {
        if (name.startsWith(TRIAL_PREFIX)) await onTrial(output, name.slice(TRIAL_PREFIX.length), options);
        else await stopExperiment(output, name, options);
      }
    });
}

function stopExperiment(output: Output, name: string, options: StopOptions): Promise<void> {
  const verb = options.now ? 'cancel' : 'stop';
  return onExperiment(output, verb, name, options, desired(verb));
}

interface ExtendOptions extends ControlOptions {
  maxTrials?: NonNullable<Extension['maxTrials']>;
  parallel?: number;
  maxFailed?: number;
}

function extendCommand(output: Output): Command {
  return shared(
    new Command('extend')
      .description('give an experiment more trials, or let more of them run or fail')
      .argument('<experiment>')
      .option('--max-trials <n>', 'the limit on all trials; +N raises it by N', trialLimit)
      .option('--parallel <n>', 'how many trials run at the same time', wholeNumber(1))
      .option('--max-failed <n>', 'fail with so many failed trials; 0 at the first', wholeNumber(0)),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  katydid extend digits --max-trials +20\n  katydid extend digits --parallel 4',
    )
    .action((name: string, options: ExtendOptions) => {
      const { maxTrials, parallel, maxFailed } = options;
      const extension: Extension = {
        ...(maxTrials && { maxTrials }),
        ...(parallel !== undefined && { parallelTrials: parallel }),
        ...(maxFailed !== undefined && { maxFailedTrials: maxFailed }),
      };
      return onExperiment(output, 'extend', name, options, (client, ref) =>
        extendExperiment(client, ref, extension),
      );
    });
}

function trialLimit(text: string): NonNullable<Extension['maxTrials']> {
  const [, sign, digits = ''] = /^(\+?)(\d{1,10})$/.exec(text) ?? [];
  if (digits === '' || Number(digits) < 1)
    throw new InvalidArgumentError(
      `"${text}" is neither a whole number of at least 1 nor + and such a number.`,
    );
  return sign === '+' ? { by: Number(digits) } : { to: Number(digits) };
}

interface DeleteOptions extends ControlOptions {
  yes?: true;
}

function deleteCommand(output: Output): Command {
  return shared(
    new Command('delete')
      .description('delete experiments with their trials and all that they reported')
      .argument('<experiment...>')
      .option('-y, --yes', 'do not ask'),
  )
    .addHelpText('after', '\nExample:\n  katydid delete digits --yes')
    .action(async (names: string[], options: DeleteOptions) => {
      for (const name of names) {
        if (options.yes !== true && !(await isConfirmed(name))) output.err(`Experiment ${name} is kept.`);
        else await onExperiment(output, 'delete', name, options, deleteExperiment);
      }
    });
}

/** Only people are asked: a script has said what it wants. */
async function isConfirmed(name: string): Promise<boolean> {
  if (!process.stdin.isTTY) return true;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`Delete experiment ${name} with all its results? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}

function shared(command: Command): Command {
  return command
    .addOption(namespaceOption())
    .addOption(outputOption(['text', 'json']))
    .addOption(dataDirOption());
}

async function onExperiment(
  output: Output,
  verb: ControlVerb,
  name: string,
  options: ControlOptions,
  act: Verb,
): Promise<void> {
  const directory = dataDirectory(options.dataDir);
  const results = openResults(directory);
  const { metadata } = await results.experiment(name, options.namespace).finally(() => results.close());
  await withControl(directory, async ({ client, isServed }) => {
    const result = await act(client, { namespace: metadata.namespace, name });
    report(output, options, verb, `experiment/${name}`, { ...result, left: withStart(result, isServed) });
  });
}

async function onTrial(output: Output, name: string, options: ControlOptions): Promise<void> {
  const directory = dataDirectory(options.dataDir);
  const results = openResults(directory);
  const { metadata } = await results.trial(name, options.namespace).finally(() => results.close());
  await withControl(directory, async ({ client, isServed }) => {
    const result = await stopTrial(client, { namespace: metadata.namespace, name });
    report(output, options, 'stop', `trial/${name}`, { ...result, left: withStart(result, isServed) });
  });
}

function withStart({ changed, left }: VerbResult, isServed: boolean): readonly string[] {
  if (!changed || isServed) return left;
  return [...left, 'No katydid works here now: it is carried out when the next one starts (run or serve).'];
}

function report(
  output: Output,
  options: ControlOptions,
  verb: ControlVerb,
  what: string,
  { experiment, changed, did, left }: VerbResult,
): void {
  if (options.output === 'json') {
    const { name, namespace } = experiment.metadata;
    output.out(JSON.stringify({ verb, object: what, experiment: name, namespace, changed, did, left }));
    return;
  }
  output.out(changed ? `${what} ${PAST[verb]}` : `${what}: nothing to ${verb}`);
  for (const sentence of [...did, ...left]) output.out(`  ${sentence}`);
}
