import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listDirectory } from './optional-files.ts';
import { pathSegment } from './pod-directory.ts';

/** The log of one start of a container. */
export function containerLogFile(directory: string, container: string, restartCount: number): string {
  return path.join(directory, `${pathSegment(container, 'Container name')}.${restartCount}.log`);
}

/** How often the container was started before its newest log; undefined where there is none. */
export function newestRestartCount(directory: string, container: string): number | undefined {
  const counts = listDirectory(directory).flatMap((file) => {
    const count = /\.(\d+)\.log$/.exec(file)?.[1];
    return count !== undefined && file === `${container}.${count}.log` ? [Number(count)] : [];
  });
  return counts.length === 0 ? undefined : Math.max(...counts);
}

/** Says to those who follow the log that the container will not run again. */
export function markLogEnded(directory: string, container: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(endMarker(directory, container), '');
}

export function clearLogEnded(directory: string, container: string): void {
  rmSync(endMarker(directory, container), { force: true });
}

export function isLogEnded(directory: string, container: string): boolean {
  return listDirectory(directory).includes(path.basename(endMarker(directory, container)));
}

function endMarker(directory: string, container: string): string {
  return path.join(directory, `${pathSegment(container, 'Container name')}.ended`);
}
