import { median } from './statistics.ts';

/** What some work took: CPU of this process with all its threads, without its children, and time on the wall. */
export interface Cost {
  cpuMs: number;
  wallMs: number;
}

export async function measure(work: () => unknown): Promise<Cost> {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - startedMs };
}

/** Of several rounds the middle one: what else the computer does falls on the others. Not for an empty list. */
export function medianCost(rounds: readonly Cost[]): Cost {
  return {
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
    wallMs: median(rounds.map(({ wallMs }) => wallMs)),
  };
}

/** A positive whole number from the command line. Ends the program where it is something else. */
export function countArgument(position: number, otherwise: number): number {
  const text = process.argv[position + 2];
  const count = Number(text ?? otherwise);
  if (Number.isInteger(count) && count > 0) return count;
  console.error(`Argument ${position + 1} is ${JSON.stringify(text)}; write a whole number of at least 1.`);
  process.exit(2);
}

/** One line of a report: `what`, padded, then its value. */
export function report(what: string, value: string): void {
  console.log(`${what.padEnd(50)} ${value}`);
}

export function inMs(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}
