import { Command } from 'commander';
import { systemClock } from '../../core/clock.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { NAMESPACES } from '../../kube/resource.ts';
import type { ImageMap } from '../../local/kubelet/image-map.ts';
import { dataDirectory, lockDataDirectory, type DataDirectory } from '../data-directory.ts';
import { openEmbedded } from '../embedded.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { dataDirOption, minFreeSpaceOption, portNumber, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { CONFIG_FILE, imageMapOf } from '../run/image-maps.ts';
import { listenForStop } from '../run/stop-request.ts';
import { tellShortages } from '../run/shortages.ts';
import { tellWarnings } from '../run/warnings.ts';
import { startServers, type Servers } from '../serve/servers.ts';
import { serviceLogger } from '../service-logger.ts';

interface ServeOptions {
  dataDir: string;
  port: number;
  kubePort: number;
  cpuSlots?: number;
  minFreeSpace?: number;
  config?: string;
  verbose?: true;
}

export function serveCommand(output: Output, exitWith: (code: ExitCode) => void): Command {
  return new Command('serve')
    .description('run experiments on this computer and serve them to kubectl and curl until stopped')
    .addOption(dataDirOption())
    .option('--port <port>', 'port of the REST API on 127.0.0.1; 0 takes a free one', portNumber, 0)
    .option(
      '--kube-port <port>',
      'port of the Kubernetes API on 127.0.0.1; 0 takes a free one',
      portNumber,
      0,
    )
    .option(
      '--cpu-slots <n>',
      "CPUs' worth of processes that may run at once (default: twice the CPUs)",
      wholeNumber(1),
    )
    .addOption(minFreeSpaceOption())
    .option('--config <file>', `maps images to local programs (default: ${CONFIG_FILE} here)`)
    .option('-v, --verbose', 'the service log on stderr too')
    .addHelpText('after', '\nExample:\n  katydid serve --data-dir .katydid')
    .action(async (options: ServeOptions) => {
      const imageMap = imageMapOf([CONFIG_FILE], options.config);
      const directory = dataDirectory(options.dataDir);
      const lock = await lockDataDirectory(directory);
      try {
        exitWith(await serve(output, directory, imageMap, options));
      } finally {
        lock.release();
      }
    });
}

async function serve(
  output: Output,
  directory: DataDirectory,
  imageMap: ImageMap,
  options: ServeOptions,
): Promise<ExitCode> {
  const log = serviceLogger(directory.path, options.verbose ? 'info' : null);
  const { logger } = log;
  const cpuSlots = options.cpuSlots === undefined ? {} : { cpuSlots: options.cpuSlots };
  const minFreeBytes = options.minFreeSpace;
  const service = openEmbedded({ directory, imageMap, minFreeBytes, logger, ...cpuSlots });
  const stop = listenForStop(systemClock, null, {
    onAsked: () => output.err(STOPPING),
    onImpatient: () => void service.kill().finally(() => process.exit(EXIT.interrupted)),
  });
  let servers: Servers | undefined;
  try {
    await ensureDefaultNamespace(service.client);
    const { client } = service;
    tellShortages(service.space, output.err.bind(output));
    void tellWarnings({ client, clock: systemClock, signal: stop.signal, tell: output.err.bind(output) });
    servers = await startServers(directory, service, { rest: options.port, kube: options.kubePort }, logger);
    service.start(servers);
    tellHowToReach(output, directory, servers);
    await Promise.race([aborted(stop.signal), service.failed]);
    return EXIT.ok;
  } finally {
    await servers?.close();
    await service.stop();
    stop.dispose();
    log.flush();
  }
}

const STOPPING =
  'Stopping: trainings are asked to end (once more Ctrl-C kills them). The same command again resumes.';

/** Talk goes to stderr; stdout is what a shell can evaluate. */
function tellHowToReach(output: Output, directory: DataDirectory, servers: Servers): void {
  output.err(
    `Serving REST at ${servers.restUrl}/api/v1 and the Kubernetes API at ${servers.kubeUrl}, with the data in ${directory.path}. Ctrl-C stops.`,
  );
  output.err('In another terminal, for kubectl and curl (-H "Authorization: Bearer $KATYDID_TOKEN"):');
  output.out(`export KUBECONFIG=${shellQuoted(servers.kubeconfig)}`);
  output.out(`export KATYDID_URL=${servers.restUrl}/api/v1`);
  output.out(`export KATYDID_TOKEN=$(cat ${shellQuoted(servers.tokenFile)})`);
}

/** Namespaces need not exist here, but people look for this one. */
async function ensureDefaultNamespace(client: KubeClient): Promise<void> {
  try {
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  }
}

function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
