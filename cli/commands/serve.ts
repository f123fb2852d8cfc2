import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../../core/clock.ts';
import { resourceDefinitions } from '../../core/crd/resource-definition.ts';
import type { Logger } from '../../core/logger.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { NAMESPACES } from '../../kube/resource.ts';
import type { ListeningApiServer } from '../../local/api-server/api-server.ts';
import type { ImageMap } from '../../local/kubelet/image-map.ts';
import { dataDirectory, lockDataDirectory, type DataDirectory } from '../data-directory.ts';
import { startEmbedded, type Embedded } from '../embedded.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { dataDirOption, wholeNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { CONFIG_FILE, imageMapOf } from '../run/image-maps.ts';
import { listenForStop } from '../run/stop-request.ts';
import { tellWarnings } from '../run/warnings.ts';
import { accessToken, serverCertificate } from '../serve/access-files.ts';
import { writeKubeconfig } from '../serve/kubeconfig-file.ts';
import { serviceLogger } from '../service-logger.ts';
import { packageVersion } from '../version.ts';

const MAX_PORT = 65_535;

interface ServeOptions {
  dataDir: string;
  port: number;
  cpuSlots?: number;
  config?: string;
  verbose?: true;
}

export function serveCommand(output: Output, exitWith: (code: ExitCode) => void): Command {
  return new Command('serve')
    .description('run experiments on this computer and serve them to kubectl until stopped')
    .addOption(dataDirOption())
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', portNumber, 0)
    .option(
      '--cpu-slots <n>',
      "CPUs' worth of processes that may run at once (default: twice the CPUs)",
      wholeNumber(1),
    )
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
  const service = startEmbedded({ directory, imageMap, logger, ...cpuSlots });
  const stop = listenForStop(systemClock, null, {
    onAsked: () => output.err(STOPPING),
    onImpatient: () => void service.kill().finally(() => process.exit(EXIT.interrupted)),
  });
  let server: ListeningApiServer | undefined;
  try {
    await ensureDefaultNamespace(service.client);
    const { client } = service;
    void tellWarnings({ client, clock: systemClock, signal: stop.signal, tell: output.err.bind(output) });
    server = await startServer(output, directory, service, options.port, logger);
    await Promise.race([aborted(stop.signal), service.failed]);
    return EXIT.ok;
  } finally {
    await server?.close();
    await service.stop();
    stop.dispose();
    log.flush();
  }
}

const STOPPING =
  'Stopping: trainings are asked to end (once more Ctrl-C kills them). The same command again resumes.';

async function startServer(
  output: Output,
  directory: DataDirectory,
  { client, dryRunClient }: Embedded,
  port: number,
  logger: Logger,
): Promise<ListeningApiServer> {
  // Loaded when it is needed: the other commands start in half the time without it.
  const { createApiServer } = await import('../../local/api-server/api-server.ts');
  const token = accessToken(directory);
  const tls = serverCertificate(directory, systemClock.now());
  const server = await createApiServer({
    client,
    dryRunClient,
    crds: Object.values(resourceDefinitions()),
    token,
    tls,
    dataDir: directory.path,
    version: packageVersion(),
    logger,
    clock: systemClock,
  }).listen(port);
  const kubeconfig = writeKubeconfig(directory, { url: server.url, token, cert: tls.cert });
  output.err(
    `Serving the Kubernetes API at ${server.url}, with the data in ${directory.path}. Ctrl-C stops.`,
  );
  output.err('In another terminal, for kubectl:');
  output.out(`export KUBECONFIG=${shellQuoted(kubeconfig)}`);
  return server;
}

/** Namespaces need not exist here, but people look for this one. */
async function ensureDefaultNamespace(client: KubeClient): Promise<void> {
  try {
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  }
}

function portNumber(text: string): number {
  const port = wholeNumber(0)(text);
  if (port <= MAX_PORT) return port;
  throw new InvalidArgumentError(`"${text}" is not a port: 0 to ${MAX_PORT}.`);
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
