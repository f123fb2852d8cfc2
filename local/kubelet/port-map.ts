import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { isDiskFull } from '../../core/disk-space.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';

/**
 * Ports are taken below the ranges from which systems choose ports of outgoing connections (Linux from 32768, others
 * from 49152), so that a port that is free now is still free when its process comes to listen on it. Holding the port
 * with a socket instead would let early peers connect to nobody.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const MAX_ATTEMPTS = 500;

/** A port of a Service, as pods name it. */
export interface ServicePort {
  namespace: string;
  service: string;
  port: number;
}

const fileSchema = z.array(
  z.strictObject({ namespace: z.string(), service: z.string(), port: z.number(), localPort: z.number() }),
);

interface Entry extends ServicePort {
  localPort: number;
}

/**
 * Gives every port of every Service a port of its own on 127.0.0.1: on a cluster all replicas may listen on 2222, on one
 * computer they cannot. A Service keeps its ports over restarts of its pods and of the kubelet, because its peers have
 * been told.
 */
export class PortMap {
  readonly #file: string;
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, Promise<number>>();
  readonly #taken = new Set<number>();

  constructor(dataDir: string, logger: Logger) {
    this.#file = path.join(dataDir, 'ports.json');
    this.#logger = logger;
    for (const entry of this.#read()) this.#add(entry);
  }

  /** The local port, found on first mention. LOCAL_PORT_IN_USE when none is left. */
  portFor(wanted: ServicePort): Promise<number> {
    const key = entryKey(wanted);
    const known = this.#entries.get(key);
    if (known) return Promise.resolve(known.localPort);
    const pending = this.#pending.get(key) ?? this.#allocate(wanted).finally(() => this.#pending.delete(key));
    this.#pending.set(key, pending);
    return pending;
  }

  /** Forgets the ports of every Service that `isWanted` does not want. */
  keepOnly(isWanted: (namespace: string, service: string) => boolean): void {
    const unwanted = [...this.#entries].filter(([, { namespace, service }]) => !isWanted(namespace, service));
    if (unwanted.length === 0) return;
    for (const [key, { localPort }] of unwanted) {
      this.#entries.delete(key);
      this.#taken.delete(localPort);
    }
    this.#save();
  }

  release(namespace: string, service: string): void {
    this.keepOnly((...entry) => entry[0] !== namespace || entry[1] !== service);
  }

  async #allocate(wanted: ServicePort): Promise<number> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const localPort = randomInt(FIRST_PORT, LAST_PORT);
      if (this.#taken.has(localPort)) continue;
      this.#taken.add(localPort);
      if (await isFree(localPort)) {
        this.#add({ ...wanted, localPort });
        this.#save();
        return localPort;
      }
      this.#taken.delete(localPort);
    }
    const { namespace, service, port } = wanted;
    throw localError(
      'LOCAL_PORT_IN_USE',
      `No free port between ${FIRST_PORT} and ${LAST_PORT} for port ${port} of Service ${namespace}/${service}.`,
    );
  }

  #add({ namespace, service, port, localPort }: Entry): void {
    this.#entries.set(entryKey({ namespace, service, port }), { namespace, service, port, localPort });
    this.#taken.add(localPort);
  }

  #read(): Entry[] {
    if (!existsSync(this.#file)) return [];
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      // Everything that used these ports is started over, so that new ones are as good.
      this.#logger.warn('port map unreadable, starting anew', {
        file: this.#file,
        error: errorMessage(error),
      });
      return [];
    }
  }

  /** Without room the file stays as it was until the next change: it matters only to pods that outlive this process. */
  #save(): void {
    const temporary = `${this.#file}.new`;
    try {
      writeFileSync(temporary, JSON.stringify([...this.#entries.values()], null, 1));
      renameSync(temporary, this.#file);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.#logger.warn('port map not saved', { file: this.#file, error: errorMessage(error) });
    }
  }
}

function entryKey({ namespace, service, port }: ServicePort): string {
  return `${namespace}/${service}:${port}`;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
