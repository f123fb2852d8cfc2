import { expect, it } from 'vitest';
import { randomStream, type RandomStream } from '../../core/random.ts';
import { isTerminal, trialState } from '../../core/trial.ts';
import { faultyClient } from '../support/experiment-faults.ts';
import { ExperimentWorld, type JobEnd } from '../support/experiment-world.ts';

const MAX_TRIALS = 12;
const DEATHS = 8;

function randomEnd(random: RandomStream): JobEnd {
  const draw = random.next();
  if (draw < 0.15) return { state: 'Failed', message: 'exit 1' };
  if (draw < 0.3) return { state: 'Complete', value: null };
  return { state: 'Complete', value: draw < 0.4 ? Number.NaN : random.next() };
}

/** Starts controllers that die after some writes; the next ones begin at that very moment, as a new process may. */
function startMortal(world: ExperimentWorld, random: RandomStream, stops: (() => Promise<void>)[]): void {
  let [death, alive] = [0, true];
  const begin = (): void => {
    const own = random.fork(death);
    const isLast = death++ === DEATHS;
    const client = faultyClient(world.client, {
      random: own,
      failureRate: 0.1,
      maxLagMs: 8,
      writesUntilDeath: isLast ? Infinity : 1 + own.integer(25),
      onDeath() {
        void stop();
        if (alive) begin();
      },
    });
    const stop = world.start(client);
    stops.push(stop);
  };
  begin();
  stops.push(() => Promise.resolve(void (alive = false)));
}

it.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'loses no trial and starts none twice, whenever the process dies (seed %i)',
  async (seed) => {
    const random = randomStream(`crash-${seed}`);
    const world = new ExperimentWorld({ endOf: (index) => randomEnd(random.fork('end').fork(index)) });
    const stops: (() => Promise<void>)[] = [];
    startMortal(world, random.fork('deaths'), stops);
    try {
      await world.submit({ maxTrialCount: MAX_TRIALS, parallelTrialCount: 3 });
      const { status } = await world.untilReason('ExperimentMaxTrialsReached');
      const trials = await world.trials();
      const count = (state: string): number | undefined =>
        trials.filter((trial) => trialState(trial) === state).length || undefined;
      expect((await world.suggestion()).status?.suggestionCount).toBe(MAX_TRIALS);
      expect(world.trialsSeen.size).toBe(MAX_TRIALS);
      expect(new Set(trials.map(({ metadata }) => metadata.name)).size).toBe(MAX_TRIALS);
      expect(trials.every((trial) => isTerminal(trialState(trial)))).toBe(true);
      expect([...world.jobsSeen.values()]).toEqual(Array.from({ length: MAX_TRIALS }, () => 1));
      expect(status?.trials).toBe(MAX_TRIALS);
      expect(status?.trialsSucceeded).toBe(count('Succeeded'));
      expect(status?.trialsFailed).toBe(count('Failed'));
      expect(status?.trialMetricsUnavailable).toBe(count('MetricsUnavailable'));
      const assigned = trials.map(({ spec }) => spec.parameterAssignments[0]?.value);
      expect(new Set(assigned).size).toBe(MAX_TRIALS);
    } finally {
      for (const stop of stops.toReversed()) await stop();
      await world.close();
    }
  },
);
