import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../core/clock.ts';
import { objectKey } from '../../core/kubernetes-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { combineImageMaps, readImageMap, type ImageMap } from '../../local/kubelet/image-map.ts';
import { dataDirectory, lockDataDirectory, type DataDirectory } from '../data-directory.ts';
import { parseDuration } from '../duration.ts';
import { startEmbedded, type Embedded } from '../embedded.ts';
import { acceptedFiles } from '../manifest/accepted-files.ts';
import type { ExperimentFiles } from '../manifest/experiment-files.ts';
import { dataDirOption, outputOption, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { barProgress } from '../progress/bar-progress.ts';
import { lineProgress } from '../progress/line-progress.ts';
import type { Progress } from '../progress/progress.ts';
import { isFinished, summarizeExperiment, type ExperimentSummary } from '../results/summary.ts';
import { followExperiments } from '../run/follow.ts';
import { exitCodeOf, printResult, runReport, type RunEnd } from '../run/report.ts';
import { listenForStop, type StopRequest } from '../run/stop-request.ts';
import { applyObject, submitExperiment, type Submission } from '../run/submit.ts';
import { serviceLogger } from '../service-logger.ts';

const CONFIG_FILE = 'katydid.config.yaml';

interface RunOptions {
  dataDir: string;
  timeout?: number;
  cpuSlots?: number;
  config?: string;
  output: 'text' | 'json';
  verbose?: true;
}

export function runCommand(output: Output): Command {
  return new Command('run')
    .description('run experiments on this computer until they are finished; the same command again resumes')
    .argument('<file...>', 'YAML or JSON; - reads standard input')
    .addOption(dataDirOption())
    .addOption(new Option('--timeout <duration>', 'stop after this time (90s, 10m, 2h)').argParser(duration))
    .option(
      '--cpu-slots <n>',
      "CPUs' worth of processes that may run at once (default: twice the CPUs)",
      wholeNumber(1),
    )
    .option('--config <file>', `maps images to local programs (default: ${CONFIG_FILE} beside each file)`)
    .addOption(outputOption(['text', 'json']))
    .option('-v, --verbose', 'the service log on stderr too')
    .addHelpText('after', '\nExample:\n  katydid run examples/digits/experiment.yaml --timeout 10m')
    .action(async (files: string[], options: RunOptions) => {
      const manifests = acceptedFiles(files);
      const imageMap = imageMapOf(files, options.config);
      const directory = dataDirectory(options.dataDir);
      const lock = await lockDataDirectory(directory);
      try {
        process.exitCode = await run(output, directory, imageMap, manifests, options);
      } finally {
        lock.release();
      }
    });
}

async function run(
  output: Output,
  directory: DataDirectory,
  imageMap: ImageMap,
  manifests: Omit<ExperimentFiles, 'issues'>,
  options: RunOptions,
): Promise<number> {
  const log = serviceLogger(directory.path, options.verbose ? 'info' : null);
  const progress =
    output.isTerminal && !options.verbose ? barProgress(output, systemClock) : lineProgress(output);
  const stop = listenForStop(systemClock, options.timeout ?? null, (end) => progress.note(STOPPING[end]));
  const cpuSlots = options.cpuSlots === undefined ? {} : { cpuSlots: options.cpuSlots };
  const service = startEmbedded({ directory, imageMap, logger: log.logger, ...cpuSlots });
  try {
    const keys = await submitAll(service.client, manifests, progress);
    await noteOthers(service.client, keys, progress);
    await Promise.race([follow(service, keys, progress, stop), service.failed]);
    progress.end();
    return await report(output, service.client, keys, stop.end, directory, options.output);
  } finally {
    progress.end();
    await service.stop();
    stop.dispose();
    log.flush();
  }
}

const STOPPING: Record<RunEnd, string> = {
  interrupted:
    'Stopping: trainings are asked to end (once more Ctrl-C kills them). The same command again resumes.',
  timedOut: 'The time is up: trainings are asked to end. The same command again resumes.',
  finished: '',
};

const SUBMITTED: Record<Submission, string> = {
  created: 'started',
  resumed: 'goes on where it was',
  changed: 'goes on with its new budget',
};

async function submitAll(
  client: KubeClient,
  { experiments, others }: Omit<ExperimentFiles, 'issues'>,
  progress: Progress,
): Promise<string[]> {
  for (const { resource, object } of others) await applyObject(client, resource, object);
  const keys: string[] = [];
  for (const { experiment } of experiments) {
    const submission = await submitExperiment(client, experiment);
    progress.note(`Experiment ${experiment.metadata.name ?? ''} ${SUBMITTED[submission]}.`);
    keys.push(objectKey(experiment));
  }
  return keys;
}

/** The service works on everything that its directory holds, so nothing should run unannounced. */
async function noteOthers(client: KubeClient, keys: readonly string[], progress: Progress): Promise<void> {
  const { items } = await client.list(EXPERIMENTS);
  for (const experiment of items) {
    if (keys.includes(objectKey(experiment)) || isFinished(summarizeExperiment(experiment))) continue;
    progress.note(`Experiment ${experiment.metadata.name} from before is unfinished and goes on beside.`);
  }
}

async function follow(
  service: Embedded,
  keys: readonly string[],
  progress: Progress,
  stop: StopRequest,
): Promise<void> {
  const { client, observations } = service;
  await followExperiments({ client, observations, keys, progress, clock: systemClock, signal: stop.signal });
}

async function report(
  output: Output,
  client: KubeClient,
  keys: readonly string[],
  end: RunEnd,
  directory: DataDirectory,
  format: RunOptions['output'],
): Promise<number> {
  const experiments = await summaries(client, keys);
  for (const experiment of experiments) {
    if (format === 'json') output.out(JSON.stringify(runReport(experiment, end, systemClock.now())));
    else printResult(output, experiment, directory.path, systemClock.now());
  }
  return exitCodeOf(experiments, end);
}

async function summaries(client: KubeClient, keys: readonly string[]): Promise<ExperimentSummary[]> {
  const { items } = await client.list(EXPERIMENTS);
  return items.filter((experiment) => keys.includes(objectKey(experiment))).map(summarizeExperiment);
}

/** One file by name, or the one beside each experiment; the first that knows an image decides. */
function imageMapOf(files: readonly string[], config: string | undefined): ImageMap {
  if (config !== undefined) return readImageMap(config);
  const folders = new Set(files.map((file) => (file === '-' ? '.' : dirname(file))));
  return combineImageMaps([...folders].map((folder) => readImageMap(join(folder, CONFIG_FILE))));
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError(`"${text}" is not a duration such as 90s, 10m or 2h.`);
  return ms;
}
