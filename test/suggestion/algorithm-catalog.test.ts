import { describe, expect, it } from 'vitest';
import { SpecError } from '../../core/errors.ts';
import type { AlgorithmSpec } from '../../core/experiment.ts';
import { algorithmCatalog, validateAlgorithm } from '../../suggestion/algorithm-catalog.ts';
import { double, int, problemOf } from '../algorithms/spaces.ts';

function algorithm(algorithmName: string, settings: Record<string, string> = {}): AlgorithmSpec {
  const algorithmSettings = Object.entries(settings).map(([name, value]) => ({ name, value }));
  return { algorithmName, algorithmSettings };
}

describe('the catalog of algorithms', () => {
  const problem = problemOf(int(1, 3));

  it('names the algorithms that there are', () =>
    expect(algorithmCatalog.names()).toEqual(expect.arrayContaining(['random', 'grid', 'sobol'])));

  it.each(['random', 'grid', 'sobol'])('finds nothing wrong with %s and a seed', (name) =>
    expect(algorithmCatalog.check(problem, algorithm(name, { random_state: '10' }))).toEqual([]),
  );

  it('says what an unknown setting was probably meant to be', () =>
    expect(algorithmCatalog.check(problem, algorithm('random', { random_stat: '1' }))).toEqual([
      {
        code: 'SPEC_SETTING_UNKNOWN',
        path: ['algorithmSettings', 0, 'name'],
        message: 'The algorithm random has no setting "random_stat".',
        remedy: 'Did you mean "random_state"?',
      },
    ]));

  it('says which value a setting takes', () =>
    expect(algorithmCatalog.check(problem, algorithm('random', { random_state: '-1' }))).toEqual([
      {
        code: 'SPEC_SETTING_INVALID',
        path: ['algorithmSettings', 0, 'value'],
        message: 'The setting random_state is "-1".',
        remedy: 'It must be a whole number, 0 or more.',
      },
    ]));

  it('says which algorithms can search a space that this one cannot', () => {
    const [issue] = algorithmCatalog.check(problemOf(double(0, 1)), algorithm('grid'));
    expect(issue).toMatchObject({ code: 'SPEC_ALGORITHM_UNSUITABLE', path: ['algorithmName'] });
    expect(issue?.message).toContain('p0');
    expect(issue?.remedy).toMatch(/use another algorithm: random, sobol/);
  });
});

describe('the validation of an algorithm', () => {
  it('accepts what goes together', () =>
    expect(() => validateAlgorithm(problemOf(int(1, 3)), algorithm('grid'))).not.toThrow());

  it('lists the algorithms when one of Katib is not among them', () => {
    const error = catchError(() => validateAlgorithm(problemOf(int(1, 3)), algorithm('darts')));
    expect(error.issues).toEqual([
      expect.objectContaining({
        code: 'SPEC_ALGORITHM_UNKNOWN',
        path: ['spec', 'algorithm', 'algorithmName'],
        remedy: expect.stringContaining('random') as string,
      }),
    ]);
  });

  it('reports all that is wrong at once', () => {
    const spec: AlgorithmSpec = {
      algorithmName: 'random',
      algorithmSettings: [
        { name: 'random_state', value: 'x' },
        { name: 'random_state', value: '1' },
        { name: 'seed', value: '1' },
      ],
    };
    const error = catchError(() => validateAlgorithm(problemOf(int(1, 3)), spec));
    expect(error.issues.map(({ code }) => code).toSorted()).toEqual([
      'SPEC_SETTING_DUPLICATE',
      'SPEC_SETTING_INVALID',
      'SPEC_SETTING_UNKNOWN',
    ]);
  });
});

function catchError(action: () => void): SpecError {
  try {
    action();
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
