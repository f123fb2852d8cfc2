import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { sleep, type Clock } from '../../core/clock.ts';
import { isDiskFull } from '../../core/disk-space.ts';
import type { Logger } from '../../core/logger.ts';
import { listDirectory } from './optional-files.ts';
import { runDirectory, type PodDirectory } from './pod-directory.ts';
import {
  findProcessesByEnvironment,
  identifyProcess,
  isRunning,
  type ProcessIdentity,
} from './process-identity.ts';
import { DATA_DIR_VARIABLE, processMarkers } from './process-markers.ts';
import { killGroup, sendSignal } from './signals.ts';

const POLL_MS = 20;
const MAX_WAIT_MS = 10_000;

const recordSchema = z.strictObject({ pid: z.number().int().positive(), startTime: z.string() });

/**
 * Notes on disk which process leads a container, so that a kubelet that comes after a crash can end it. Without room for
 * that the mark in the process's environment has to do.
 */
export function recordProcess(directory: PodDirectory, container: string, pid: number): void {
  const identity = identifyProcess(pid);
  if (!identity) return;
  try {
    writeFileSync(path.join(directory.processes, `${container}.json`), JSON.stringify(identity));
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

/**
 * Kills everything that an earlier kubelet with this data directory left running, and waits until it is gone. A
 * process counts as left when its number and start time are recorded, or when its environment names the directory:
 * that also finds what was started an instant before the crash and what left its process group.
 */
export async function endLeftovers(dataDir: string, clock: Clock, logger: Logger): Promise<void> {
  const deadlineMs = clock.elapsed() + MAX_WAIT_MS;
  const recorded = recordedProcesses(dataDir);
  for (;;) {
    const leaders = recorded.filter(isRunning);
    const marked = findProcessesByEnvironment({ [DATA_DIR_VARIABLE]: dataDir });
    if (leaders.length === 0 && marked.length === 0) return;
    if (clock.elapsed() > deadlineMs) {
      logger.error('processes of an earlier run cannot be ended', { pids: marked.map(({ pid }) => pid) });
      return;
    }
    logger.info('ending processes of an earlier run', { count: marked.length || leaders.length });
    for (const { pid } of leaders) killGroup(pid);
    for (const { pid } of marked) sendSignal(pid, 'SIGKILL');
    await sleep(clock, POLL_MS);
  }
}

/** Kills what the pod's containers started and what left their process groups. */
export function killStrays(dataDir: string, podUid: string): void {
  const strays = findProcessesByEnvironment(processMarkers(dataDir, podUid));
  for (const { pid } of strays) sendSignal(pid, 'SIGKILL');
}

function recordedProcesses(dataDir: string): ProcessIdentity[] {
  return listDirectory(runDirectory(dataDir)).flatMap((pod) => {
    const processes = path.join(runDirectory(dataDir), pod, 'processes');
    return listDirectory(processes).flatMap((file) => readRecord(path.join(processes, file)) ?? []);
  });
}

/** Undefined for a record that was being written when the service was killed: its process is found by its environment. */
function readRecord(file: string): ProcessIdentity | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
