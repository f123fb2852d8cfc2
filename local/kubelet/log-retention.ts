import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { listDirectory } from './optional-files.ts';

interface PodLogs {
  directory: string;
  bytes: number;
  endedMs: number;
}

/**
 * Keeps the logs of ended pods below a number of bytes: the oldest go first. Logs outlive their pods, which are deleted
 * with their trials' jobs; running pods are never touched.
 */
export class LogRetention {
  readonly #maxBytes: number;
  readonly #logger: Logger;
  /** By directory, oldest first. */
  readonly #ended = new Map<string, PodLogs>();
  #bytes = 0;

  constructor(maxBytes: number, logger: Logger) {
    this.#maxBytes = maxBytes;
    this.#logger = logger;
  }

  /** Takes over what earlier kubelets left. */
  scan(dataDir: string): void {
    const root = path.join(dataDir, 'logs');
    const found = subdirectories(root)
      .flatMap(subdirectories)
      .map(measure)
      .sort((a, b) => a.endedMs - b.endedMs);
    for (const logs of found) this.#add(logs);
    this.#removeOldest();
  }

  /** The pod's logs are being written: they are not counted and not removed. */
  began(directory: string): void {
    this.#bytes -= this.#ended.get(directory)?.bytes ?? 0;
    this.#ended.delete(directory);
  }

  ended(directory: string): void {
    this.began(directory);
    this.#add(measure(directory));
    this.#removeOldest();
  }

  #add(logs: PodLogs): void {
    this.#ended.set(logs.directory, logs);
    this.#bytes += logs.bytes;
  }

  #removeOldest(): void {
    for (const [directory, { bytes }] of this.#ended) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#ended.delete(directory);
      this.#bytes -= bytes;
      try {
        rmSync(directory, { recursive: true, force: true });
      } catch (error) {
        this.#logger.warn('old logs not removed', { directory, error: errorMessage(error) });
      }
    }
  }
}

function subdirectories(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(directory, name));
  } catch {
    return [];
  }
}

function measure(directory: string): PodLogs {
  let bytes = 0;
  let endedMs = 0;
  for (const name of listDirectory(directory)) {
    const stats = statSync(path.join(directory, name), { throwIfNoEntry: false });
    bytes += stats?.size ?? 0;
    endedMs = Math.max(endedMs, stats?.mtimeMs ?? 0);
  }
  return { directory, bytes, endedMs };
}
