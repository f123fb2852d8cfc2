import { didYouMean } from '../did-you-mean.ts';
import type { AlgorithmSpec } from '../experiment.ts';
import { type Issues, quoted, specIssue, type SpecPath } from './issue.ts';
import { checkDistinctNames } from './parameters.ts';

/** What can be said of an algorithm without knowing the search space. */
export function* checkAlgorithmName(
  algorithm: AlgorithmSpec,
  names: readonly string[],
  path: SpecPath,
  unknownCode: 'SPEC_ALGORITHM_UNKNOWN' | 'SPEC_EARLY_STOPPER_UNKNOWN',
): Issues {
  const { algorithmName } = algorithm;
  const namePath = [...path, 'algorithmName'];
  if (algorithmName === '') {
    const remedy = `Write one of ${names.join(', ')}.`;
    yield specIssue('SPEC_REQUIRED', namePath, 'algorithmName is empty.', remedy);
  } else if (!names.includes(algorithmName)) {
    const message = `No algorithm ${quoted(algorithmName)} is available here.`;
    yield specIssue(unknownCode, namePath, message, didYouMean(algorithmName, names));
  }
  yield* checkDistinctNames(
    (algorithm.algorithmSettings ?? []).map(({ name }) => name),
    (name, index) =>
      specIssue(
        'SPEC_SETTING_DUPLICATE',
        [...path, 'algorithmSettings', index, 'name'],
        `The setting ${quoted(name)} is given twice.`,
        'Keep one of them.',
      ),
  );
}
