import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { reportUrl } from '../../api/report/report-url.ts';
import { systemClock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { LoopbackServer } from '../../http/loopback-server.ts';
import { readPodLog } from '../../local/kubelet/pod-logs.ts';
import { checkRunnableHere } from '../../local/runnable-jobs.ts';
import { algorithmCatalog } from '../../suggestion/algorithm-catalog.ts';
import type { DataDirectory } from '../data-directory.ts';
import type { Embedded } from '../embedded.ts';
import { servedDefinitions } from '../served-definitions.ts';
import { packageVersion } from '../version.ts';
import { accessToken, serverCertificate } from './access-files.ts';
import { writeKubeconfig } from './kubeconfig-file.ts';
import { writeServerFile } from './server-file.ts';

export interface ServerPorts {
  /** Of the REST API; 0 takes a free one. */
  readonly rest: number;
  /** Of the Kubernetes API; 0 takes a free one. */
  readonly kube: number;
}

/** Both servers of one data directory. */
export interface Servers {
  /** For example `http://127.0.0.1:40123`. */
  readonly restUrl: string;
  readonly kubeUrl: string;
  /** The path of the file that kubectl and other clients read. */
  readonly kubeconfig: string;
  readonly tokenFile: string;
  /** Where the trial reports by HTTP. */
  readonly reportUrl: (trialUid: string) => string;
  close(): Promise<void>;
}

/**
 * Serves the REST API over HTTP (for curl and browsers) and the Kubernetes API over HTTPS (kubectl sends tokens over TLS
 * only), both on 127.0.0.1, and writes down where. Rejects with KatydidError PORT_UNUSABLE.
 */
export async function startServers(
  directory: DataDirectory,
  embedded: Embedded,
  ports: ServerPorts,
  logger: Logger,
): Promise<Servers> {
  const token = accessToken(directory);
  const reportKey = createHmac('sha256', token).update('reports of trials').digest();
  const shared = { token, version: packageVersion(), logger, clock: systemClock };
  const closing = new AbortController();
  const listening: LoopbackServer[] = [];
  const close = async (): Promise<void> => {
    closing.abort();
    await Promise.all(listening.map((server) => server.close()));
  };
  try {
    const rest = await serveRest(directory, embedded, { ...shared, reportKey }, ports.rest, closing.signal);
    listening.push(rest);
    const { kube, cert } = await serveKube(directory, embedded, shared, ports.kube);
    listening.push(kube);
    writeServerFile(directory, { pid: process.pid, rest: rest.url, kube: kube.url });
    return {
      restUrl: rest.url,
      kubeUrl: kube.url,
      kubeconfig: writeKubeconfig(directory, { url: kube.url, token, cert }),
      tokenFile: join(directory.path, 'token'),
      reportUrl: (trialUid) => reportUrl(rest.url, reportKey, trialUid),
      close,
    };
  } catch (error) {
    // The process could not end while one of them listens.
    await close();
    throw error;
  }
}

interface Shared {
  token: string;
  version: string;
  logger: Logger;
  clock: typeof systemClock;
}

/* The servers are loaded when they are needed: the other commands start in half the time without them. */

async function serveRest(
  directory: DataDirectory,
  { client, dryRunClient, observations, tap, space }: Embedded,
  shared: Shared & { reportKey: Uint8Array },
  port: number,
  closing: AbortSignal,
): Promise<LoopbackServer> {
  const [{ createRestApi }, { listenOnLoopback }] = await Promise.all([
    import('../../api/rest-api.ts'),
    import('../../http/loopback-server.ts'),
  ]);
  const api = createRestApi(
    {
      ...shared,
      client,
      dryRunClient,
      space,
      observations,
      feed: tap.feed,
      sink: tap.sink,
      logs: { read: (query) => readPodLog({ ...query, dataDir: directory.path }) },
      catalog: algorithmCatalog,
      checkRunnableHere: (experiment) => [...checkRunnableHere(experiment)],
    },
    closing,
  );
  return listenOnLoopback(api, { port });
}

async function serveKube(
  directory: DataDirectory,
  { client, dryRunClient }: Embedded,
  shared: Shared,
  port: number,
): Promise<{ kube: LoopbackServer; cert: string }> {
  const { createApiServer } = await import('../../local/api-server/api-server.ts');
  const tls = serverCertificate(directory, systemClock.now());
  const kube = await createApiServer({
    ...shared,
    client,
    dryRunClient,
    crds: servedDefinitions(),
    tls,
    dataDir: directory.path,
  }).listen(port);
  return { kube, cert: tls.cert };
}
