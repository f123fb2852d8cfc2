import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomStream, type RandomStream } from '../../core/random.ts';
import { experimentYaml, EXPERIMENT } from './torture-experiment.ts';

const COMMAND = fileURLToPath(new URL('../../bin/katydid.js', import.meta.url));

export interface TortureOptions {
  /** An empty directory; everything is put there. */
  readonly folder: string;
  readonly trials: number;
  readonly parallel: number;
  /** How often the service is killed: first at its start, last when most trials have ended. */
  readonly kills: number;
  /** Decides all moments, as far as a clock can be held to them. */
  readonly seed: string;
  /** Hears of each kill. */
  readonly onKill?: (kill: Kill) => void;
}

export interface Kill {
  readonly number: number;
  /** Trials whose training had reached its end at least once. */
  readonly completed: number;
  readonly afterMs: number;
}

/** What is left, for the checks. */
export interface Tortured {
  readonly dataDir: string;
  /** In the environment and the command line of every training. */
  readonly mark: string;
  /** The names of trials, once for each training that reached its end. */
  readonly ledger: readonly string[];
  /** Kills that met the service alive: before it had ended by itself. */
  readonly kills: number;
  readonly lastRun: { readonly code: number | null; readonly stdout: string; readonly stderr: string };
  readonly wallMs: number;
}

/** A share of the kills that come while the service starts, when it takes up what the last one left. */
const EARLY_SHARE = 0.35;
const EARLY_MS = 1_500;
const LATE_MS = 400;
/** Of all trials: where the last kill comes, so that the experiment never ends before it. */
const LAST_KILL_AT = 0.9;
const STALLED_MS = 120_000;

/** Runs one experiment, kills the service at random moments, starts it again each time, and then lets it finish. */
export async function torture(options: TortureOptions): Promise<Tortured> {
  const { folder, trials, parallel, kills, seed } = options;
  const startedMs = performance.now();
  const mark = `katydid-torture-${process.pid}-${Date.now()}`;
  const ledgerFile = join(folder, 'ledger');
  const file = join(folder, 'experiment.yaml');
  const dataDir = join(folder, 'data');
  writeFileSync(file, experimentYaml({ trials, parallel, ledger: ledgerFile, mark }));
  const args = ['run', file, '--data-dir', dataDir, '--cpu-slots', String(parallel), '-o', 'json'];
  const random = randomStream(seed);
  let met = 0;
  for (let number = 1; number <= kills; number++) {
    const goal = Math.floor((trials * LAST_KILL_AT * number) / kills);
    const killed = await runAndKill(args, ledgerFile, goal, random.fork(number));
    if (killed.wasAlive) met++;
    options.onKill?.({ number, completed: readLedger(ledgerFile).distinct, afterMs: killed.afterMs });
  }
  const lastRun = await runToEnd(args);
  const { lines } = readLedger(ledgerFile);
  return { dataDir, mark, ledger: lines, kills: met, lastRun, wallMs: performance.now() - startedMs };
}

/**
 * Some kills come at a random moment of the start, the others at one after `goal` trials are through. No kill waits once
 * trials beyond the goal get through: so however fast the trials are, some are left for the last kill.
 */
async function runAndKill(
  args: readonly string[],
  ledgerFile: string,
  goal: number,
  random: RandomStream,
): Promise<{ wasAlive: boolean; afterMs: number }> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const before = readLedger(ledgerFile).distinct;
  const isEarly = random.next() < EARLY_SHARE || before >= goal;
  if (!isEarly) await untilCompleted(child, ledgerFile, goal);
  const enough = Math.max(goal, before) + 1;
  await pauseUnless(
    random.integer(isEarly ? EARLY_MS : LATE_MS),
    () => readLedger(ledgerFile).distinct >= enough,
  );
  const wasAlive = isAlive(child);
  child.kill('SIGKILL');
  await ended;
  return { wasAlive, afterMs: Math.round(performance.now() - startedMs) };
}

async function pauseUnless(ms: number, isEnough: () => boolean): Promise<void> {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs && !isEnough()) await pause(Math.min(10, ms));
}

async function untilCompleted(child: ChildProcess, ledgerFile: string, goal: number): Promise<void> {
  const deadlineMs = performance.now() + STALLED_MS;
  while (isAlive(child) && readLedger(ledgerFile).distinct < goal) {
    if (performance.now() > deadlineMs) {
      child.kill('SIGKILL');
      throw new Error(
        `${EXPERIMENT} does not get on: ${readLedger(ledgerFile).distinct} trials, not ${goal}`,
      );
    }
    await pause(10);
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function runToEnd(args: readonly string[]): Promise<Tortured['lastRun']> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

function readLedger(file: string): { lines: string[]; distinct: number } {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const lines = text.split('\n').filter((line) => line !== '');
  return { lines, distinct: new Set(lines).size };
}
