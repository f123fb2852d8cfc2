import type { RandomStream } from '../../core/random.ts';
import { randomFreePoint, type Propose } from '../distinct-points.ts';
import { HISTORY_STATE, TrialHistory } from '../trial-history.ts';
import type { Lesson } from './lessons.ts';
import type { ConfigurationProblem, Sampler } from './rung-search.ts';
import type { RungTrials } from './rung-trials.ts';

/** A model of losses: less is better, whatever the direction of the search. */
export type LossModel = (
  problem: { parameters: ConfigurationProblem['parameters']; direction: 'minimize' },
  random: RandomStream,
) => Propose;

/** Points drawn from the parameters' distributions. */
export function randomSampler({ parameters }: ConfigurationProblem, random: RandomStream): Sampler {
  return { propose: (index, isTaken) => randomFreePoint(parameters, random.fork(index), isTaken) };
}

/**
 * Points that a model proposes, and so great a share of random ones, that no region is given up. The model is made anew for each
 * request: what it learns is another selection of the trials each time.
 */
export function modelSampler(
  { parameters }: ConfigurationProblem,
  model: LossModel,
  lesson: Lesson,
  randomShare: number,
  random: RandomStream,
): Sampler & { isRandom(index: number): boolean } {
  const losses = { parameters, direction: 'minimize' } as const;
  const draw = (index: number): RandomStream => random.fork('random').fork(index);
  const isRandom = (index: number): boolean => draw(index).next() < randomShare;
  let informed: Propose = model(losses, random);
  let learnt = new TrialHistory(parameters.length);
  return {
    isRandom,
    observe(known, configurations) {
      informed = model(losses, random);
      learnt = learntFrom(known, lesson, configurations);
    },
    propose(index, isTaken) {
      const point = isRandom(index)
        ? randomFreePoint(parameters, draw(index).fork('point'), isTaken)
        : informed(index, isTaken, { history: learnt, earlier: [] });
      learnt.add(point);
      return point;
    },
  };
}

/** What a model learns, in the order of the trials. Configurations that have just begun are told as running: others keep away from them. */
function learntFrom(known: RungTrials, lesson: Lesson, configurations: TrialHistory): TrialHistory {
  const losses = new Map(lesson(known).map(({ trial, loss }) => [trial.row, loss]));
  const learnt = new TrialHistory(configurations.dimensions);
  for (const { row, isRunning, parent } of known.trials) {
    const loss = losses.get(row);
    if (loss !== undefined) learnt.set(learnt.add(configurations.point(row)), HISTORY_STATE.succeeded, loss);
    else if (isRunning && parent === null) learnt.add(configurations.point(row));
  }
  return learnt;
}
