import { median } from './harness/statistics.ts';
import { runBareProcesses } from './harness/bare-processes.ts';
import { measure } from './harness/measure.ts';
import type { Figure, Findings } from './harness/results.ts';
import { runExperiments, withServer, type Served } from './harness/served.ts';
import { trivialExperiment, type TrivialKind } from './harness/trivial-experiment.ts';

const ROUNDS = 3;
const WARM_UP_TRIALS = 100;
const PARALLELISMS = [1, 8, 64];
const KINDS: readonly TrivialKind[] = ['Job', 'TFJob'];
const MAX_CPU_MS = 50;
const MIN_TRIALS_PER_SECOND = 20;

/** What one trial took, and one bare process of the same round. */
interface Round {
  servedCpuMs: number;
  servedWallMs: number;
  bareWallMs: number;
}

/**
 * What a trial costs beyond its process: trivial Jobs and TFJobs, 1, 8 and 64 at a time, in turns with the same
 * process started without any service.
 */
export async function measureTrialOverhead({ trials }: { trials: number }): Promise<Findings> {
  const figures: Figure[] = [];
  await withServer({ cpuSlots: Math.max(...PARALLELISMS) }, async (served) => {
    await runExperiments(served, [trivialExperiment('warm-up', { trials: WARM_UP_TRIALS, parallel: 8 })]);
    for (const kind of KINDS)
      for (const parallel of PARALLELISMS)
        figures.push(...figuresOf(kind, parallel, await measureRounds(served, kind, parallel, trials)));
  });
  return {
    name: 'trial-overhead',
    title: 'What a trial costs',
    method:
      `\`katydid serve\` in a process of its own runs experiments of ${trials} trials that print one line. CPU is that of the ` +
      'service with all its threads, without the processes of the trials. Beside it, in turns within the same run, as ' +
      `many bare processes of the same kind, as many at a time. Medians of ${ROUNDS} rounds.`,
    figures,
  };
}

async function measureRounds(
  served: Served,
  kind: TrivialKind,
  parallel: number,
  trials: number,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await measure(() => runBareProcesses(trials, parallel));
    const name = `${kind.toLowerCase()}-${parallel}-${round}`;
    const before = served.usage().cpuMs;
    const { wallMs } = await measure(() =>
      runExperiments(served, [trivialExperiment(name, { trials, parallel, kind })]),
    );
    rounds.push({
      servedCpuMs: (served.usage().cpuMs - before) / trials,
      servedWallMs: wallMs / trials,
      bareWallMs: bare.wallMs / trials,
    });
  }
  return rounds;
}

function figuresOf(kind: TrivialKind, parallel: number, rounds: readonly Round[]): Figure[] {
  const of = (what: keyof Round): number => median(rounds.map((round) => round[what]));
  const cpuMs = of('servedCpuMs');
  const perSecond = 1000 / of('servedWallMs');
  const barePerSecond = 1000 / of('bareWallMs');
  const who = `${kind}, ${parallel} at a time`;
  const isSpeedTarget = parallel > 1;
  return [
    {
      what: `${who}: CPU of the service per trial`,
      value: `${cpuMs.toFixed(1)} ms`,
      target: { text: `≤ ${MAX_CPU_MS} ms`, isMet: cpuMs <= MAX_CPU_MS },
    },
    {
      what: `${who}: trials per second`,
      value: perSecond.toFixed(1),
      beside: `bare processes ${barePerSecond.toFixed(0)}/s, ${(barePerSecond / perSecond).toFixed(1)} : 1`,
      ...(isSpeedTarget && {
        target: { text: `≥ ${MIN_TRIALS_PER_SECOND}`, isMet: perSecond >= MIN_TRIALS_PER_SECOND },
      }),
    },
  ];
}
