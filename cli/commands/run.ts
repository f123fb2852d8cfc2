import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../core/clock.ts';
import { objectKey } from '../../core/kubernetes-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import type { ImageMap } from '../../local/kubelet/image-map.ts';
import { dataDirectory, lockDataDirectory, type DataDirectory } from '../data-directory.ts';
import { parseDuration } from '../duration.ts';
import { openEmbedded, type Embedded } from '../embedded.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { acceptedFiles } from '../manifest/accepted-files.ts';
import type { ExperimentFiles } from '../manifest/experiment-files.ts';
import { dataDirOption, minFreeSpaceOption, outputOption, portNumber, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { barProgress } from '../progress/bar-progress.ts';
import { lineProgress } from '../progress/line-progress.ts';
import type { Progress } from '../progress/progress.ts';
import { isFinished, summarizeExperiment } from '../../experiments/summary.ts';
import { followExperiments } from '../run/follow.ts';
import { CONFIG_FILE, imageMapOf } from '../run/image-maps.ts';
import { readOutcomes, type Outcomes } from '../run/outcome.ts';
import { deletedReport, exitCodeOf, runReport, type RunEnd } from '../run/report.ts';
import { resultLines } from '../run/result-text.ts';
import { tellShortages } from '../run/shortages.ts';
import { listenForStop, type StopRequest } from '../run/stop-request.ts';
import { submitAll, type Submission } from '../../experiments/submit.ts';
import { startServers, type Servers } from '../serve/servers.ts';
import { serviceLogger } from '../service-logger.ts';

type Manifests = Omit<ExperimentFiles, 'issues'>;

interface RunOptions {
  dataDir: string;
  timeout?: number;
  port: number;
  cpuSlots?: number;
  minFreeSpace?: number;
  config?: string;
  keepServing?: true;
  output: 'text' | 'json';
  verbose?: true;
}

export function runCommand(output: Output, exitWith: (code: ExitCode) => void): Command {
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
    .addOption(minFreeSpaceOption())
    .option('--config <file>', `maps images to local programs (default: ${CONFIG_FILE} beside each file)`)
    .option('--port <port>', 'port of the REST API on 127.0.0.1; 0 takes a free one', portNumber, 0)
    .option('--keep-serving', 'go on serving when the experiments are finished, until Ctrl-C')
    .addOption(outputOption(['text', 'json']))
    .option('-v, --verbose', 'the service log on stderr too')
    .addHelpText('after', '\nExample:\n  katydid run examples/digits/experiment.yaml --timeout 10m')
    .action(async (files: string[], options: RunOptions) => {
      const manifests = acceptedFiles(files);
      const imageMap = imageMapOf(files, options.config);
      const directory = dataDirectory(options.dataDir);
      const lock = await lockDataDirectory(directory);
      try {
        exitWith(await run(output, directory, imageMap, manifests, options));
      } finally {
        lock.release();
      }
    });
}

async function run(
  output: Output,
  directory: DataDirectory,
  imageMap: ImageMap,
  manifests: Manifests,
  options: RunOptions,
): Promise<ExitCode> {
  const log = serviceLogger(directory.path, options.verbose ? 'info' : null);
  const progress =
    output.isTerminal && !options.verbose ? barProgress(output, systemClock) : lineProgress(output);
  const cpuSlots = options.cpuSlots === undefined ? {} : { cpuSlots: options.cpuSlots };
  const minFreeBytes = options.minFreeSpace;
  const service = openEmbedded({ directory, imageMap, minFreeBytes, logger: log.logger, ...cpuSlots });
  const stop = listenForStop(systemClock, options.timeout ?? null, {
    onAsked: (end) => progress.note(STOPPING[end]),
    onImpatient: () => void service.kill().finally(() => process.exit(EXIT.interrupted)),
  });
  let servers: Servers | undefined;
  try {
    tellShortages(service.space, (line) => progress.note(line));
    servers = await startServers(directory, service, { rest: options.port, kube: 0 }, log.logger);
    service.start(servers);
    const outcomes = await runToEnd(service, manifests, progress, stop);
    progress.end();
    const { end } = stop;
    if (options.keepServing !== true || end !== 'finished') await service.stop();
    printOutcomes(output, outcomes, end, options);
    if (options.keepServing === true && end === 'finished') await keepServing(output, service, servers, stop);
    return exitCodeOf(outcomes, end);
  } finally {
    progress.end();
    await servers?.close();
    await service.stop();
    stop.dispose();
    log.flush();
  }
}

/** Until Ctrl-C: others may read the results, and give the service more to do. */
async function keepServing(
  output: Output,
  service: Embedded,
  { restUrl }: Servers,
  { signal }: StopRequest,
): Promise<void> {
  output.err(`Serving ${restUrl} until Ctrl-C.`);
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([stopped, service.failed]);
}

const STOPPING: Record<Exclude<RunEnd, 'finished'>, string> = {
  interrupted:
    'Stopping: trainings are asked to end (once more Ctrl-C kills them). The same command again resumes.',
  timedOut: 'The time is up: trainings are asked to end. The same command again resumes.',
};

const SUBMITTED: Record<Submission, string> = {
  created: 'started',
  resumed: 'goes on where it was',
  changed: 'goes on with its new budget',
  finished: 'is finished already',
};

/** Until all experiments are finished, or until a stop is asked for. */
async function runToEnd(
  service: Embedded,
  { experiments, others }: Manifests,
  progress: Progress,
  stop: StopRequest,
): Promise<Outcomes> {
  const { client, observations } = service;
  const submitted = await submitAll(
    client,
    experiments.map(({ experiment }) => experiment),
    others,
  );
  for (const { experiment, submission } of submitted)
    progress.note(`Experiment ${experiment.metadata.name} ${SUBMITTED[submission]}.`);
  const keys = submitted.map(({ experiment }) => objectKey(experiment));
  await noteOthers(client, keys, progress);
  const { signal } = stop;
  const following = followExperiments({ client, observations, keys, progress, clock: systemClock, signal });
  await Promise.race([following, service.failed]);
  return readOutcomes(client, keys);
}

/** The service works on everything that its directory holds, so nothing should run unannounced. */
async function noteOthers(client: KubeClient, keys: readonly string[], progress: Progress): Promise<void> {
  const { items } = await client.list(EXPERIMENTS);
  for (const experiment of items) {
    if (keys.includes(objectKey(experiment)) || isFinished(summarizeExperiment(experiment))) continue;
    progress.note(`Experiment ${experiment.metadata.name} from before is unfinished and goes on beside.`);
  }
}

function printOutcomes(output: Output, { found, deleted }: Outcomes, end: RunEnd, options: RunOptions): void {
  const nowMs = systemClock.now();
  if (options.output === 'json') {
    for (const { experiment } of found) output.out(JSON.stringify(runReport(experiment, end, nowMs)));
    for (const key of deleted) output.out(JSON.stringify(deletedReport(key)));
    return;
  }
  const context = { end, dataDir: options.dataDir, command: process.argv.slice(2), nowMs };
  const texts = found.map((outcome) => resultLines(outcome, context).join('\n'));
  const gone = deleted.map((key) => `Experiment ${key.slice(key.indexOf('/') + 1)}: deleted while it ran.`);
  output.out([...texts, ...gone].join('\n\n'));
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError(`"${text}" is not a duration such as 90s, 10m or 2h.`);
  return ms;
}
