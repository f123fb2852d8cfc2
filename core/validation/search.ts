import type { SpecIssue } from '../errors.ts';
import { z } from 'zod';
import {
  algorithmSchema,
  type AlgorithmSpec,
  initialTrialSchema,
  OBJECTIVE_TYPES,
  parameterSpecSchema,
} from '../experiment.ts';
import { type JsonObject, valueAt } from '../json.ts';
import { algorithmOf, parallelTrialCount } from '../defaults.ts';
import type { Parameter, SearchProblem } from '../search-space.ts';
import { checkAlgorithmName } from './algorithm.ts';
import type { AlgorithmCatalog } from './algorithm-catalog.ts';
import { checkCounts, type TrialCounts } from './counts.ts';
import { type Issues, specIssue } from './issue.ts';
import { assignmentsOf } from './search-problem.ts';
import { checkDistinctParameters, checkParameterName, readParameter } from './parameters.ts';

const PARAMETERS_PATH = ['spec', 'parameters'];
const ALGORITHM_PATH = ['spec', 'algorithm'];

/** The search space, the algorithm, and whether they go together. `spec` may hold parts that the schema refuses. */
export function* checkSearch(spec: JsonObject, counts: TrialCounts, catalog: AlgorithmCatalog): Issues {
  yield* checkSpaceKind(spec);
  const issues: SpecIssue[] = [];
  const parameters = Array.isArray(spec.parameters) ? readParameters(spec.parameters, issues) : null;
  yield* issues;
  const algorithm =
    spec.algorithm === undefined ? algorithmOf({}) : algorithmSchema.safeParse(spec.algorithm).data;
  const problem = parameters && problemOf(spec, counts, parameters);
  if (problem) yield* checkInitialTrials(problem, spec, catalog);
  if (!algorithm) return;
  yield* checkAlgorithmName(algorithm, catalog.names(), ALGORITHM_PATH, 'SPEC_ALGORITHM_UNKNOWN');
  if (problem) yield* checkProblem(problem, algorithm, catalog);
}

function* checkInitialTrials(problem: SearchProblem, spec: JsonObject, catalog: AlgorithmCatalog): Issues {
  const initialTrials = z.array(initialTrialSchema).safeParse(spec.initialTrials).data;
  if (!initialTrials) return;
  const issues = catalog.checkInitialTrials({ ...problem, initialTrials: assignmentsOf(initialTrials) });
  for (const issue of issues) yield { ...issue, path: ['spec', 'initialTrials', ...issue.path] };
}

function* checkSpaceKind({ parameters, nasConfig }: JsonObject): Issues {
  const isEmpty = Array.isArray(parameters) && parameters.length === 0;
  const hasParameters = parameters !== undefined && !isEmpty;
  if (nasConfig !== undefined && hasParameters) {
    const message = 'There are both parameters and nasConfig.';
    yield specIssue('SPEC_PARAMETERS_OR_NAS', ['spec', 'nasConfig'], message, 'Remove one of them.');
  } else if (nasConfig !== undefined) {
    const message = 'nasConfig asks for neural architecture search, and no algorithm here does that.';
    const remedy = 'Search hyperparameters instead: write parameters in place of nasConfig.';
    yield specIssue('SPEC_NAS_UNSUPPORTED', ['spec', 'nasConfig'], message, remedy);
  } else if (!hasParameters) {
    const message = `parameters is ${isEmpty ? 'empty' : 'missing'}: there is nothing to search.`;
    const remedy = 'Add at least one parameter with name, parameterType and feasibleSpace.';
    yield specIssue('SPEC_PARAMETERS_OR_NAS', PARAMETERS_PATH, message, remedy);
  }
}

/** All parameters, or null where any of them cannot be used. */
function readParameters(list: readonly unknown[], issues: SpecIssue[]): Parameter[] | null {
  const before = issues.length;
  const parameters = list.flatMap((value, index): Parameter[] => {
    const path = [...PARAMETERS_PATH, index];
    const spec = parameterSpecSchema.safeParse(value).data;
    if (!spec) return [];
    issues.push(...checkParameterName(spec.name, path));
    const parameter = readParameter(spec, path, issues);
    return parameter ? [parameter] : [];
  });
  const names = list.map((value) => valueAt(value, ['name']));
  const texts = names.map((name) => (typeof name === 'string' ? name : undefined));
  issues.push(...checkDistinctParameters(texts, PARAMETERS_PATH));
  return issues.length === before && parameters.length === list.length ? parameters : null;
}

function problemOf(
  spec: JsonObject,
  counts: TrialCounts,
  parameters: readonly Parameter[],
): SearchProblem | null {
  const direction = OBJECTIVE_TYPES.find((type) => type === valueAt(spec, ['objective', 'type']));
  if (!direction || parameters.length === 0 || [...checkCounts(counts)].length > 0) return null;
  return {
    parameters,
    direction,
    maxTrials: counts.maxTrialCount ?? null,
    parallelTrials: parallelTrialCount(counts),
  };
}

function* checkProblem(problem: SearchProblem, algorithm: AlgorithmSpec, catalog: AlgorithmCatalog): Issues {
  if (!catalog.names().includes(algorithm.algorithmName)) return;
  for (const issue of catalog.check(problem, algorithm)) {
    yield { ...issue, path: [...ALGORITHM_PATH, ...issue.path] };
  }
}
