import type { SearchProblem } from '../../core/search-space.ts';
import { axesOf } from '../axes.ts';
import { levelCount } from '../lattice.ts';
import type { AlgorithmChoice } from '../search-algorithm.ts';

/** What `auto` leaves a request to. */
export interface AutoChoice extends AlgorithmChoice {
  readonly algorithmName: 'random' | 'bayesianoptimization' | 'multivariate-tpe' | 'cmaes';
}

/** The rule sees the problem and how many trials there are; nothing that a restart would forget. */
export interface ChoiceSituation {
  readonly problem: SearchProblem;
  /** Trials that exist, running ones too. */
  readonly trials: number;
  /** Index of the first trial that is asked for. */
  readonly firstIndex: number;
}

/** A Gaussian process over more parameters than this has too few trials to tell their length scales apart. */
const MOST_MODELLED_PARAMETERS = 50;
/** Up to so many trials the model sees them all. */
const ALL_MODELLED = 300;
/** Beyond this a search that needs many trials and learns from each of them has had them. */
const MODELLED = 2_000;
/** Between the two every so many requests go to TPE, which sees all trials. */
const INTERLEAVED = 4;
/** Trials for each dimension from which on CMA-ES adapts to a function. */
const TRIALS_PER_DIMENSION = 20;

/**
 * The first of these that holds:
 *
 * 1. no parameter has two values: random;
 * 2. 50 parameters or fewer, 300 trials or fewer: Bayesian optimization;
 * 3. 50 parameters or fewer, 2,000 trials or fewer: Bayesian optimization of the best and of some others, and each fourth time TPE;
 * 4. parameters are continuous or many-valued numbers, and trials are enough (20 for each parameter), and not too many run at a time: CMA-ES;
 * 5. otherwise TPE of all parameters together.
 */
export function chooseAlgorithm({ problem, trials, firstIndex }: ChoiceSituation): AutoChoice {
  const axes = axesOf(problem.parameters);
  const known = `${count(trials, 'trial')}, ${count(axes.length, 'parameter')}`;
  if (axes.length === 0)
    return {
      algorithmName: 'random',
      reason: 'No parameter has more than one value: there is nothing to learn.',
    };
  if (axes.length <= MOST_MODELLED_PARAMETERS && trials < ALL_MODELLED) {
    const reason = `${known}: a model of all trials finds more than any other search among so few.`;
    return { algorithmName: 'bayesianoptimization', reason };
  }
  if (axes.length <= MOST_MODELLED_PARAMETERS && trials < MODELLED)
    return firstIndex % INTERLEAVED === 0
      ? {
          algorithmName: 'multivariate-tpe',
          reason: `${known}: each fourth time a search that sees all trials.`,
        }
      : {
          algorithmName: 'bayesianoptimization',
          reason: `${known}: a model of the best trials and some of the others.`,
        };
  if (isForCmaEs(problem, axes.length))
    return {
      algorithmName: 'cmaes',
      reason: `${known}, all numbers: evolution learns how they depend on each other.`,
    };
  return {
    algorithmName: 'multivariate-tpe',
    reason: `${known}: densities of good and bad trials cost little however many there are.`,
  };
}

/** An evolution needs numbers, generations, and results of one generation before the next. */
function isForCmaEs({ parameters, maxTrials, parallelTrials }: SearchProblem, dimensions: number): boolean {
  const areNumbers = parameters.every(
    (parameter) => parameter.kind === 'double' || parameter.kind === 'int' || levelCount(parameter) === 1,
  );
  const generation = 4 + 3 * Math.log(dimensions);
  const isEnough = maxTrials === null || maxTrials >= TRIALS_PER_DIMENSION * dimensions;
  return areNumbers && isEnough && parallelTrials <= 4 * generation;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
