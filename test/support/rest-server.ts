import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '../../core/clock.ts';
import { valueAt } from '../../core/json.ts';
import { silentLogger, type Logger } from '../../core/logger.ts';
import { createRestApi } from '../../api/rest-api.ts';
import type { RestOptions } from '../../api/rest-options.ts';
import { tapObservations } from '../../db/observation-feed.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import { openSqliteObservationStore } from '../../db/sqlite/sqlite-observation-store.ts';
import { listenOnLoopback } from '../../http/loopback-server.ts';
import type { KubeClient } from '../../kube/client.ts';
import { createAdmission } from '../../local/admission/admission.ts';
import { openObjectStore } from '../../local/object-store/object-store.ts';
import { checkRunnableHere } from '../../local/runnable-jobs.ts';
import { algorithmCatalog } from '../../suggestion/algorithm-catalog.ts';

export interface RestServer {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  readonly token: string;
  /** Straight to the store behind the server. */
  readonly client: KubeClient;
  readonly observations: ObservationStore;
  /** What the API stands on. */
  readonly options: RestOptions;
  /** Asks with the token; `path` begins at the root. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The JSON of the answer, whatever its status. */
  json(path: string, init?: RequestInit): Promise<RestAnswer>;
  close(): Promise<void>;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Null where there is none. */
  readonly body: unknown;
  /** A value in the body; undefined where the path leads nowhere. */
  readonly at: (...path: (string | number)[]) => unknown;
}

export interface RestServerOptions {
  /** Of the objects; in memory where absent. */
  readonly path?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** What the API stands on instead. */
  readonly more?: Partial<RestOptions>;
}

/** The REST API in this process, on a port of its own, in front of an empty store with the usual admission. */
export async function startRestServer(given: RestServerOptions = {}): Promise<RestServer> {
  const { path = ':memory:', clock = systemClock, logger = silentLogger, more } = given;
  const store = openObjectStore({ path, clock, logger, admission: createAdmission(algorithmCatalog) });
  const observations = openSqliteObservationStore({ path: ':memory:', logger });
  const { feed, sink } = tapObservations(observations);
  const token = randomUUID();
  const options: RestOptions = {
    client: store.client,
    dryRunClient: store.dryRunClient,
    observations,
    feed,
    sink,
    logs: { read: () => noLines() },
    catalog: algorithmCatalog,
    checkRunnableHere: (experiment) => [...checkRunnableHere(experiment)],
    token,
    reportKey: Buffer.alloc(32, 'report key'),
    version: '0.0.0',
    logger,
    clock,
    ...more,
  };
  const closing = new AbortController();
  const server = await listenOnLoopback(createRestApi(options, closing.signal), { port: 0 });
  const ask = (asked: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${server.url}${asked}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
    });
  return {
    url: server.url,
    token,
    client: options.client,
    observations,
    options,
    fetch: ask,
    async json(asked, init) {
      const response = await ask(asked, init);
      const text = await response.text();
      const body: unknown = text === '' ? null : JSON.parse(text);
      return {
        status: response.status,
        headers: response.headers,
        body,
        at: (...path) => valueAt(body, path),
      };
    },
    async close() {
      closing.abort();
      await server.close();
      store.close();
      await observations.close();
    },
  };
}

async function* noLines(): AsyncGenerator<never, void, undefined> {
  // There is no output.
}

/** The options of a POST with a JSON body. */
export function posting(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  };
}
