import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Experiment } from '../../core/experiment.ts';
import { createHttpClient, type HttpKubeClient } from '../../kube/http-client.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { usageOf, type ProcessUsage } from './process-usage.ts';

const COMMAND = fileURLToPath(new URL('../../bin/katydid.js', import.meta.url));
const POLL_MS = 250;

/** `katydid serve` in a process of its own, as users start it. */
export interface Served {
  readonly pid: number;
  readonly client: HttpKubeClient;
  /** For example `http://127.0.0.1:40123/api/v1`, and what to send as `Authorization`. */
  readonly restUrl: string;
  readonly authorization: string;
  usage(): ProcessUsage;
  /** Rejects where the server leaves work unfinished by ending with an error. */
  stop(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
}

export interface ServeOptions {
  /** CPUs' worth of trials that may run at once. */
  cpuSlots: number;
  /** Flags of Node for the server, for example `--cpu-prof`. */
  nodeFlags?: readonly string[];
}

/** Starts a server on a data directory and waits until it answers. */
export async function serve(dataDir: string, { cpuSlots, nodeFlags = [] }: ServeOptions): Promise<Served> {
  const args = [COMMAND, 'serve', '--data-dir', dataDir, '--cpu-slots', String(cpuSlots)];
  const child = spawn(process.execPath, [...nodeFlags, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  await ready(child);
  const read = (file: string): string => readFileSync(join(dataDir, file), 'utf8').trim();
  const places = JSON.parse(read('server.json')) as { rest: string; kube: string };
  const client = createHttpClient({ server: places.kube, token: read('token'), ca: read('tls.crt') });
  const pid = child.pid ?? NaN;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    client.close();
    child.kill(signal);
    await ended;
  };
  return {
    pid,
    client,
    restUrl: `${places.rest}/api/v1`,
    authorization: `Bearer ${read('token')}`,
    usage: () => usageOf(pid),
    async stop() {
      await end('SIGINT');
      if (child.exitCode !== 0) throw new Error(`the server ended with exit code ${child.exitCode}`);
    },
    kill: () => end('SIGKILL'),
  };
}

/** Resolves when the server has told how to reach it; rejects with what it said where it ends instead. */
async function ready(child: ChildProcess): Promise<void> {
  let told = '';
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += String(text)));
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => {
      told += String(text);
      if (told.includes('KATYDID_TOKEN=')) resolve();
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`the server did not start:\n${said}`)));
  });
}

/** Runs `work` with a data directory that is gone afterwards. */
export async function withDataDir<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'katydid-bench-'));
  try {
    return await work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Runs `work` with a server of its own, which is stopped afterwards. */
export async function withServer<T>(
  options: ServeOptions,
  work: (served: Served, dataDir: string) => Promise<T>,
): Promise<T> {
  return withDataDir(async (dataDir) => {
    const served = await serve(dataDir, options);
    try {
      return await work(served, dataDir);
    } finally {
      await served.stop();
    }
  });
}

/** Creates the experiments and waits until all have ended with every trial succeeded. `onLook` is called every 250 ms. */
export async function runExperiments(
  { client }: Pick<Served, 'client'>,
  experiments: readonly Experiment[],
  onLook: (completed: number) => void = () => undefined,
): Promise<void> {
  for (const experiment of experiments) await client.create(EXPERIMENTS, experiment);
  await untilEnded({ client }, experiments, onLook);
}

/** Waits until all have ended with every trial succeeded. */
export async function untilEnded(
  { client }: Pick<Served, 'client'>,
  experiments: readonly Experiment[],
  onLook: (completed: number) => void = () => undefined,
): Promise<void> {
  const open = new Set(experiments);
  const completed = new Map<Experiment, number>();
  while (open.size > 0) {
    for (const experiment of open) {
      const succeeded = await look({ client }, experiment);
      completed.set(experiment, succeeded.count);
      if (succeeded.all) open.delete(experiment);
    }
    onLook([...completed.values()].reduce((sum, count) => sum + count, 0));
    if (open.size > 0) await pause(POLL_MS);
  }
}

async function look(
  { client }: Pick<Served, 'client'>,
  { metadata, spec }: Experiment,
): Promise<{ count: number; all: boolean }> {
  const { namespace, name = '' } = metadata;
  const { status } = await client.get(EXPERIMENTS, { namespace, name });
  const count = status?.trialsSucceeded ?? 0;
  const all = status?.completionTime != null;
  if (all && count !== spec.maxTrialCount)
    throw new Error(`${name} did not run through: ${JSON.stringify(status.conditions)}`);
  return { count, all };
}
