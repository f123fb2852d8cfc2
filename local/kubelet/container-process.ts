import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { errorMessage } from '../../core/errors.ts';
import type { OutputStream } from './container-log.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';
import { killGroup } from './signals.ts';

/** How long the output may stay open without a byte once the process has ended: something else holds it open. */
const OUTPUT_IDLE_MS = 500;

export interface ProcessCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface ProcessEnd {
  /** 128 + signal for a process that was killed. */
  exitCode: number;
  signal: number | undefined;
}

export interface ContainerProcess {
  readonly pid: number;
  /** Resolves when the leader has ended, the rest of its group was killed, and all output was handed over. */
  readonly ended: Promise<ProcessEnd>;
}

export interface ProcessOptions {
  clock: Clock;
  /** Called with the process number before anything else can happen. */
  onPid: (pid: number) => void;
  /** Takes output. A promise holds the process's output up until it is settled. */
  onOutput: (stream: OutputStream, chunk: Uint8Array) => Promise<unknown> | undefined;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Starts a command as the leader of a process group of its own. LOCAL_EXEC_FAILED when it cannot be started. */
export function startProcess(command: ProcessCommand, options: ProcessOptions): Promise<ContainerProcess> {
  return new Promise((resolve, reject) => {
    const child = spawnGroup(command);
    if (child.pid !== undefined) options.onPid(child.pid);
    const ended = watchEnd(child, pumpOutput(child, options), options.clock);
    child.once('error', (error) => reject(execFailed(command, error)));
    child.once('spawn', () => resolve({ pid: child.pid ?? 0, ended }));
  });
}

function spawnGroup({ file, args, env, cwd }: ProcessCommand): Child {
  try {
    return spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw execFailed({ file, args, env, cwd }, error);
  }
}

function execFailed({ file, cwd }: ProcessCommand, cause: unknown): Error {
  const message = `${file} could not be started in ${cwd}: ${errorMessage(cause)}.`;
  return localError('LOCAL_EXEC_FAILED', message, cause);
}

/** What is known about a child's output at any time. */
interface OutputState {
  chunks: number;
  heldUp: boolean;
}

function pumpOutput(child: Child, { onOutput }: ProcessOptions): OutputState {
  const state: OutputState = { chunks: 0, heldUp: false };
  const holdUp = async (until: Promise<unknown>): Promise<void> => {
    state.heldUp = true;
    child.stdout.pause();
    child.stderr.pause();
    await until;
    state.heldUp = false;
    child.stdout.resume();
    child.stderr.resume();
  };
  const take = (stream: OutputStream) => (chunk: Uint8Array) => {
    state.chunks++;
    const until = onOutput(stream, chunk);
    if (until) void holdUp(until);
  };
  child.stdout.on('data', take('stdout'));
  child.stderr.on('data', take('stderr'));
  return state;
}

function watchEnd(child: Child, output: OutputState, clock: Clock): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      // As in a container, nothing survives the first process.
      if (child.pid !== undefined) killGroup(child.pid);
      closeIdleOutput(child, output, clock);
    });
    child.once('close', (code, signal) => resolve(processEnd(code, signal)));
  });
}

/** A process that left the group may hold the output open for ever. */
function closeIdleOutput(child: Child, output: OutputState, clock: Clock): void {
  const seen = output.chunks;
  const cancel = clock.after(OUTPUT_IDLE_MS, () => {
    child.removeListener('close', cancel);
    if (output.chunks !== seen || output.heldUp) {
      closeIdleOutput(child, output, clock);
      return;
    }
    child.stdout.destroy();
    child.stderr.destroy();
  });
  child.once('close', cancel);
}

function processEnd(code: number | null, signal: NodeJS.Signals | null): ProcessEnd {
  if (signal === null) return { exitCode: code ?? 0, signal: undefined };
  const number = constants.signals[signal];
  return { exitCode: 128 + number, signal: number };
}
