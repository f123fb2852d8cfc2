import type { RandomStream } from '../../core/random.ts';
import type { Point, SearchProblem } from '../../core/search-space.ts';
import { distinctPointSearcher, randomFreePoint } from '../distinct-points.ts';
import { pointCount } from '../finite-space.ts';
import type { SearchAlgorithm, Searcher, Settings } from '../search-algorithm.ts';
import { scrambledSobol } from '../sobol.ts';
import { CMA_SETTINGS, readCmaSettings } from './cma-settings.ts';
import { drawPlace } from './distribution.ts';
import { createFollowedSearch } from './followed-search.ts';
import type { SearchSetup } from './search-state.ts';
import { cmaSpace, pointAtPlace, type CmaSpace } from './space.ts';
import { createTriedCorners } from './tried-corners.ts';

/** A draw that was tried before is drawn again so often, from wider and wider distributions. */
const MOST_REDRAWS = 60;
const WIDENING = 1.1;

/**
 * The covariance matrix adaptation evolution strategy: points are drawn from a normal distribution, which then moves to the better ones and takes on
 * the shape in which they lie. Numbers with steps keep a margin of probability for other values; categories have probabilities that are adapted beside.
 *
 * N. Hansen, "The CMA evolution strategy: a tutorial" (2016, arXiv 1604.00772), with the negative weights of G. A. Jastrebski and D. V. Arnold (2006); R. Hamano, M. Nomura,
 * S. Saito, K. Uchida, S. Shirakawa, "CatCMA with margin" (2025, arXiv 2504.07884).
 */
export const cmaEsSearch: SearchAlgorithm = {
  name: 'cmaes',
  summary:
    'CMA-ES: a normal distribution moves to the better trials and takes on the shape in which they lie.',
  settings: CMA_SETTINGS,
  unsupported({ parameters }) {
    const { lines, choices } = cmaSpace(parameters);
    if (lines.length + choices.length > 0) return [];
    return ['CMA-ES only supports search spaces with a parameter that has more than one value.'];
  },
  create: cmaEsSearcher,
};

function cmaEsSearcher(
  { parameters, direction, maxTrials }: SearchProblem,
  settings: Settings,
  random: RandomStream,
): Searcher {
  const space = cmaSpace(parameters);
  const setup: SearchSetup = {
    space,
    settings: readCmaSettings(settings, space, maxTrials),
    isFinite: pointCount(parameters) !== null,
    random,
  };
  const stateOf = createFollowedSearch(setup, direction === 'minimize' ? 1 : -1);
  const uniformsOf = createUniforms(space, random.fork('draws'));
  const isTried = createTriedCorners(space);
  return distinctPointSearcher(parameters, (index, isTaken, known) => {
    const { distribution } = stateOf(known.history);
    const uniforms = uniformsOf(index);
    for (let redraw = 0; redraw < MOST_REDRAWS; redraw++) {
      const place = drawPlace(distribution, uniforms(), WIDENING ** redraw);
      const point: Point = pointAtPlace(space, place);
      if (!isTaken(point) && (setup.isFinite || !isTried(point, known))) return point;
    }
    return randomFreePoint(parameters, random.fork(`free ${index}`), isTaken);
  });
}

/**
 * The random numbers of a trial, by its index, a list at a time. The first list is a point of a Sobol sequence: a generation lies more evenly in the
 * distribution than by chance.
 */
function createUniforms(
  { lines, choices }: CmaSpace,
  random: RandomStream,
): (index: number) => () => Float64Array {
  const length = lines.length + choices.length;
  const sobol = scrambledSobol(length, random);
  return (index) => {
    let stream: RandomStream | undefined;
    let isFirst = true;
    return () => {
      if (isFirst) {
        isFirst = false;
        return sobol(index);
      }
      const further = (stream ??= random.fork(index));
      return Float64Array.from({ length }, () => further.next());
    };
  };
}
