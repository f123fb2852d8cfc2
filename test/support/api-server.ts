import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servedDefinitions } from '../../cli/served-definitions.ts';
import { systemClock, type Clock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeConnection } from '../../kube/connection.ts';
import { createApiServer } from '../../local/api-server/api-server.ts';
import {
  type CertificateAndKey,
  createSelfSignedCertificate,
} from '../../local/api-server/certificate/self-signed-certificate.ts';
import { type Admission, openObjectStore } from '../../local/object-store/object-store.ts';

export interface TestServer {
  readonly url: string;
  readonly token: string;
  readonly connection: KubeConnection;
  /** Straight to the store behind the server. */
  readonly client: KubeClient;
  /** Where the server looks for the logs of pods. */
  readonly dataDir: string;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly historyLimit?: number;
  readonly admission?: Admission;
  readonly clock?: Clock;
  /** Plain HTTP where absent. */
  readonly tls?: boolean;
}

/** An API server in this process, on a port of its own, in front of an empty store in memory. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { clock = systemClock, tls = false, ...storeOptions } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'katydid-test-'));
  const store = openObjectStore({ path: ':memory:', clock, logger: silentLogger, ...storeOptions });
  const token = randomUUID();
  const certificate: CertificateAndKey | null = tls ? createSelfSignedCertificate(Date.now()) : null;
  const server = await createApiServer({
    client: store.client,
    dryRunClient: store.dryRunClient,
    crds: servedDefinitions(),
    token,
    dataDir,
    version: '0.0.0',
    logger: silentLogger,
    clock,
    ...(certificate && { tls: certificate }),
  }).listen(0);
  return {
    url: server.url,
    token,
    connection: { server: server.url, token, ...(certificate && { ca: certificate.cert }) },
    client: store.client,
    dataDir,
    async close() {
      await server.close();
      store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
