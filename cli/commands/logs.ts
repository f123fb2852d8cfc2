import { Command } from 'commander';
import { TRIAL_LABEL } from '../../core/labels.ts';
import { KatydidError } from '../../core/errors.ts';
import type { Pod } from '../../core/pod.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { PODS } from '../../kube/resource.ts';
import { readPodLog } from '../../local/kubelet/pod-logs.ts';
import { COLLECTOR_CONTAINER } from '../../core/labels.ts';
import { dataDirectory, type DataDirectory } from '../data-directory.ts';
import { dataDirOption, namespaceOption, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { openResults, type Results } from '../open-results.ts';

interface LogsOptions {
  dataDir: string;
  namespace?: string;
  follow?: true;
  tail?: number;
  pod?: string;
  container?: string;
}

/** One container's output. */
interface LogSource {
  pod: string;
  container: string;
}

export function logsCommand(output: Output): Command {
  return new Command('logs')
    .description('what the processes of a trial printed')
    .argument('<trial>')
    .option('-f, --follow', 'go on printing until the processes have ended')
    .option('--tail <lines>', 'only the last lines of each container', wholeNumber(0))
    .option('--pod <name>', 'only this pod, for example digits-0-worker-1')
    .option('-c, --container <name>', 'only this container')
    .addOption(namespaceOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  katydid logs digits-0 --follow')
    .action(async (name: string, options: LogsOptions) => {
      const directory = dataDirectory(options.dataDir);
      const results = openResults(directory);
      try {
        await printLogs(results, directory, output, await results.trial(name, options.namespace), options);
      } finally {
        await results.close();
      }
    });
}

async function printLogs(
  results: Results,
  directory: DataDirectory,
  output: Output,
  trial: StoredTrial,
  options: LogsOptions,
): Promise<void> {
  const sources = (await logSources(results, trial)).filter(
    ({ pod, container }) =>
      (options.pod === undefined || options.pod === pod) &&
      (options.container === undefined || options.container === container),
  );
  if (sources.length === 0) throw noLogs(trial, options);
  const follow = (source: LogSource): Promise<void> =>
    printLog(results, directory, output, trial, source, sources.length > 1, options);
  // Outputs that are followed come as they are written; the others one after the other.
  if (options.follow) await Promise.all(sources.map(follow));
  else for (const source of sources) await follow(source);
}

/** Containers of pods that exist, and of pods whose end was kept, each once, in alphabetical order. */
async function logSources(results: Results, trial: StoredTrial): Promise<LogSource[]> {
  const { namespace, name, uid } = trial.metadata;
  const pods = await results.client.list(PODS, { namespace, labelSelector: `${TRIAL_LABEL}=${name}` });
  const tails = await results.observations.logTails(uid);
  const sources = [
    ...pods.items.flatMap(containersOf),
    ...tails.map(({ pod, container }) => ({ pod, container })),
  ];
  const unique = new Map(sources.map((source) => [`${source.pod}/${source.container}`, source]));
  return [...unique.keys()].sort().flatMap((key) => unique.get(key) ?? []);
}

function containersOf({ metadata, spec }: Pod): LogSource[] {
  return [...(spec.initContainers ?? []), ...spec.containers]
    .filter(({ name }) => name !== COLLECTOR_CONTAINER)
    .map(({ name }) => ({ pod: metadata.name ?? '', container: name }));
}

async function printLog(
  results: Results,
  directory: DataDirectory,
  output: Output,
  trial: StoredTrial,
  { pod, container }: LogSource,
  isOneOfSeveral: boolean,
  { follow, tail }: LogsOptions,
): Promise<void> {
  const prefix = isOneOfSeveral ? `[${pod}/${container}] ` : '';
  let printed = 0;
  const namespace = trial.metadata.namespace ?? 'default';
  for await (const line of readPodLog({
    dataDir: directory.path,
    namespace,
    pod,
    container,
    follow,
    tailLines: tail,
  })) {
    output.out(`${prefix}${line.text}`);
    printed++;
    if (output.isClosed) return;
  }
  if (printed === 0 && tail !== 0) await printKeptTail(results, output, trial, { pod, container }, prefix);
}

/** Log files are kept for a while, the ends of outputs as long as their trial. */
async function printKeptTail(
  results: Results,
  output: Output,
  trial: StoredTrial,
  { pod, container }: LogSource,
  prefix: string,
): Promise<void> {
  const tails = await results.observations.logTails(trial.metadata.uid);
  const newest = tails.filter((tail) => tail.pod === pod && tail.container === container).at(-1);
  for (const line of newest?.text.trimEnd().split('\n') ?? []) output.out(`${prefix}${line}`);
}

function noLogs(trial: StoredTrial, { pod, container }: LogsOptions): KatydidError {
  const { name } = trial.metadata;
  if (pod !== undefined || container !== undefined) {
    return new KatydidError(
      'NO_LOGS',
      `Trial "${name}" has no output of ${[pod, container].filter(Boolean).join('/')}.`,
      {
        remedy: `See all of it with: katydid logs ${name}`,
      },
    );
  }
  return new KatydidError('NO_LOGS', `Trial "${name}" has not started a process yet.`, {
    remedy: `See what it waits for with: katydid describe ${name}`,
  });
}
