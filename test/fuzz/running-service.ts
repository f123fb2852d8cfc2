import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { dataDirectory } from '../../cli/data-directory.ts';
import { openEmbedded } from '../../cli/embedded.ts';
import { startServers } from '../../cli/serve/servers.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EMPTY_IMAGE_MAP } from '../../local/kubelet/image-map.ts';
import { type LogLine, recordingLogger } from '../support/recording-logger.ts';

/** The whole service in this process, as `katydid serve` starts it, on ports of its own. */
export interface RunningService {
  /** Sends a request to one of the two servers, as it stands. */
  send(server: 'rest' | 'kube', request: RawRequest): Promise<RawAnswer>;
  /** Straight to the store. */
  readonly client: KubeClient;
  /** What the service has logged. */
  readonly lines: readonly LogLine[];
  /** Rejects when a part of the service has ended with an error. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface RawRequest {
  method: string;
  path: string;
  /** The token is added. */
  headers?: Record<string, string>;
  body?: string;
}

export interface RawAnswer {
  status: number;
  text: string;
}

const ANSWER_WITHIN_MS = 15_000;

export async function startService(): Promise<RunningService> {
  const directory = dataDirectory(mkdtempSync(join(tmpdir(), 'katydid-test-')));
  const logger = recordingLogger();
  const embedded = openEmbedded({ directory, imageMap: EMPTY_IMAGE_MAP, cpuSlots: 4, logger });
  const servers = await startServers(directory, embedded, { rest: 0, kube: 0 }, logger);
  embedded.start({ reportUrl: servers.reportUrl });
  const token = readFileSync(servers.tokenFile, 'utf8').trim();
  const urls = { rest: servers.restUrl, kube: servers.kubeUrl };
  return {
    client: embedded.client,
    lines: logger.lines,
    failed: embedded.failed,
    send: (server, request) => send(urls[server], token, request),
    async stop() {
      await servers.close();
      await embedded.stop();
      rmSync(directory.path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Not fetch, which refuses or repairs what is hostile. Reads at most the beginning of what never ends. */
function send(
  url: string,
  token: string,
  { method, path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const { protocol, hostname, port } = new URL(url);
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const own = { authorization: `Bearer ${token}`, 'content-length': String(Buffer.byteLength(body ?? '')) };
  const options = { hostname, port, path, method, signal, agent: false, rejectUnauthorized: false } as const;
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https:' ? https : http).request({
      ...options,
      headers: { ...own, ...headers },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const status = response.statusCode ?? 0;
      if (isEndless(response)) {
        response.destroy();
        resolve({ status, text: '' });
      } else text(response).then((answer) => resolve({ status, text: answer }), reject);
    });
    request.end(body);
  });
}

function isEndless({ headers }: http.IncomingMessage): boolean {
  return headers['content-type']?.startsWith('text/event-stream') === true;
}
