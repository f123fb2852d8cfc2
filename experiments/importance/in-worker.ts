import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ImportanceReport } from '../../algorithms/importance/importance.ts';
import { workerEnvironment } from '../../suggestion/worker-environment.ts';
import type { ImportanceTask } from './importance-task.ts';

/** Beside this file, TypeScript or compiled as this file is. */
const WORKER_FILE = new URL(`./importance-worker${extname(import.meta.url)}`, import.meta.url);

/** Carries out the task in a thread of its own, which does not keep the process alive. Rejects where the thread fails. */
export function carryOutInWorker(task: ImportanceTask): Promise<ImportanceReport> {
  const { promise, resolve, reject } = Promise.withResolvers<ImportanceReport>();
  const { points, states, values } = task.trials;
  const worker = new Worker(WORKER_FILE, {
    name: 'katydid-importance',
    // Flags of this process (a loader, an inspector) are not meant for the thread.
    execArgv: [],
    env: workerEnvironment(),
    workerData: task,
    transferList: [points.buffer, states.buffer, values.buffer],
  });
  worker.unref();
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('the thread ended before it had an answer')));
  return promise;
}
