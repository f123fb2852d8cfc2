import { spawn } from 'node:child_process';
import { TRIVIAL_COMMAND } from './trivial-experiment.ts';

/** Starts the trials' process so many times without any service, some at a time, and waits for its output and end. */
export async function runBareProcesses(count: number, parallel: number): Promise<void> {
  let started = 0;
  const worker = async (): Promise<void> => {
    while (started++ < count) await runOne();
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

function runOne(): Promise<void> {
  const [program, ...args] = TRIVIAL_COMMAND;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.resume();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}
