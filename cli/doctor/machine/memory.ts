import { formatBytes, GIB, MIB } from '../bytes.ts';
import { ok, problem, warning, type Check } from '../check.ts';
import type { DoctorContext } from '../context.ts';
import type { MemoryFacts } from '../probes.ts';

/** The service takes about 150 MiB. */
const LEAST_BYTES = 256 * MIB;
const ENOUGH_BYTES = GIB;

/** What programs could still take here, the limit of a container included. */
export function usableBytes({ availableBytes, limitBytes }: MemoryFacts): number {
  return Math.min(availableBytes, limitBytes ?? Infinity);
}

export const memory: Check<DoctorContext> = {
  id: 'memory',
  title: 'Memory',
  why: 'When memory runs out, the system kills trainings, or the service.',
  run({ probes }) {
    const facts = probes.memory();
    const { totalBytes, limitBytes } = facts;
    const whole =
      limitBytes === null
        ? formatBytes(totalBytes)
        : `${formatBytes(limitBytes)} (the limit of this container or service)`;
    const free = usableBytes(facts);
    const found = `${formatBytes(free)} of ${whole} are free`;
    const remedy =
      limitBytes === null
        ? 'End other programs, or use a larger computer.'
        : 'Raise the memory limit of the container or service, or end other programs in it.';
    if (free < LEAST_BYTES) return [problem(`${found}, too little even for the service.`, remedy)];
    if (free < ENOUGH_BYTES) return [warning(`${found}, little for a training.`, remedy)];
    return [ok(`${found}.`)];
  },
};
