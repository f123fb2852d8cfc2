import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { availableParallelism, totalmem } from 'node:os';
import { errorMessage } from '../../core/errors.ts';
import { findGpuDevices } from '../../local/kubelet/gpu-pool.ts';
import { findProcessesByEnvironment } from '../../local/kubelet/process-identity.ts';
import { DATA_DIR_VARIABLE } from '../../local/kubelet/process-markers.ts';
import { groupProcessesLeft, parseLimits } from './machine/limit-files.ts';
import type {
  FileSystemFacts,
  LimitFacts,
  MemoryFacts,
  ProbeCommand,
  ProbeOutcome,
  Probes,
} from './probes.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const PROGRAM_TIMEOUT_MS = 15_000;

/** This computer, asked now. */
export function systemProbes(): Probes {
  return {
    nodeVersion: process.version,
    platform: process.platform,
    env: process.env,
    cpus: availableParallelism(),
    now: () => Date.now(),
    memory,
    limits,
    fileSystem,
    isRunning,
    trainingProcesses: (dataDir) =>
      findProcessesByEnvironment({ [DATA_DIR_VARIABLE]: dataDir }).map(({ pid }) => pid),
    gpuDevices: findGpuDevices,
    answers,
    portTrouble,
    run,
  };
}

function memory(): MemoryFacts {
  const totalBytes = totalmem();
  const limit = process.constrainedMemory();
  // Without a limit the system says 0, or a number beyond any memory.
  const limitBytes = limit > 0 && limit < totalBytes ? limit : null;
  return { totalBytes, availableBytes: process.availableMemory(), limitBytes };
}

function limits(): LimitFacts | null {
  if (!existsSync('/proc/self/limits')) return null;
  const own = parseLimits(readFileSync('/proc/self/limits', 'utf8'));
  return { ...own, processesLeftInGroup: groupProcessesLeft() };
}

function fileSystem(path: string): FileSystemFacts {
  const { type, bsize, blocks, bavail, files, ffree } = statfsSync(path);
  return {
    type,
    totalBytes: bsize * blocks,
    freeBytes: bsize * bavail,
    freeFiles: files === 0 ? null : ffree,
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function answers(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: port === '' ? usual : Number(port) });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function portTrouble(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errorMessage(error)));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function run({ file, args, cwd, env }: ProbeCommand): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: PROGRAM_TIMEOUT_MS, killSignal: 'SIGKILL' as const };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (!error) resolve({ kind: 'ended', stdout });
      else resolve({ kind: 'failed', reason: error.killed ? 'it did not end' : lastLine(stderr, error) });
    });
    child.stdin?.end();
  });
}

function lastLine(stderr: string, error: Error): string {
  return stderr.trim().split('\n').at(-1) || error.message;
}
