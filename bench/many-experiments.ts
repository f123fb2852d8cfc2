import type { Findings } from './harness/results.ts';
import { measure } from './harness/measure.ts';
import { runExperiments, withServer } from './harness/served.ts';
import { trivialExperiment } from './harness/trivial-experiment.ts';

const TRIALS = 10;
const PARALLEL = 2;
const CPU_SLOTS = 8;

/** Many experiments at once, beside as many trials in a single experiment. */
export async function measureManyExperiments({ experiments }: { experiments: number }): Promise<Findings> {
  const trials = experiments * TRIALS;
  const names = Array.from({ length: experiments }, (_, index) => `one-of-many-${index}`);
  const many = await costOf(
    names.map((name) => trivialExperiment(name, { trials: TRIALS, parallel: PARALLEL })),
    trials,
  );
  const one = await costOf([trivialExperiment('alone', { trials, parallel: CPU_SLOTS })], trials);
  const ratio = (of: 'cpuMs' | 'wallMs'): string => `${(many[of] / one[of]).toFixed(2)} : 1`;
  return {
    name: 'many-experiments',
    title: `${experiments} experiments at once`,
    method:
      `${experiments} experiments of ${TRIALS} trials, ${PARALLEL} at a time in each, are created at once; ${CPU_SLOTS} processes may run at the same time. ` +
      `Beside it: one experiment of ${trials.toLocaleString('en')} trials, ${CPU_SLOTS} at a time, on a server of its own.`,
    figures: [
      {
        what: 'CPU of the service per trial',
        value: `${many.cpuMs.toFixed(1)} ms`,
        beside: `one experiment ${one.cpuMs.toFixed(1)} ms, ${ratio('cpuMs')}`,
      },
      {
        what: 'trials per second',
        value: (1000 / many.wallMs).toFixed(1),
        beside: `one experiment ${(1000 / one.wallMs).toFixed(1)}`,
      },
      {
        what: 'memory of the server, the most there was',
        value: `${many.peakMib.toFixed(0)} MiB`,
        beside: `one experiment ${one.peakMib.toFixed(0)} MiB`,
      },
    ],
  };
}

async function costOf(
  experiments: readonly ReturnType<typeof trivialExperiment>[],
  trials: number,
): Promise<{ cpuMs: number; wallMs: number; peakMib: number }> {
  return withServer({ cpuSlots: CPU_SLOTS }, async (served) => {
    const before = served.usage().cpuMs;
    const { wallMs } = await measure(() => runExperiments(served, experiments));
    const { cpuMs, peakMib } = served.usage();
    return { cpuMs: (cpuMs - before) / trials, wallMs: wallMs / trials, peakMib };
  });
}
