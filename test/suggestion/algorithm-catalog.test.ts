import { describe, expect, it } from 'vitest';
import { SpecError } from '../../core/errors.ts';
import type { AlgorithmSpec, MetricStrategyType, Objective } from '../../core/experiment.ts';
import { algorithmCatalog, validateAlgorithm } from '../../suggestion/algorithm-catalog.ts';
import { stoppingProblem } from '../../suggestion/early-stopping.ts';
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
    expect(issue?.remedy).toMatch(/use another algorithm: auto, random, sobol/);
  });
});

describe('the catalog of early stoppers', () => {
  it('names those that there are', () =>
    expect(algorithmCatalog.stopperNames()).toEqual([
      'medianstop',
      'asha',
      'percentile',
      'threshold',
      'plateau',
    ]));

  it.each([
    algorithm('medianstop'),
    algorithm('medianstop', { min_trials_required: '1', start_step: '2' }),
    algorithm('asha', { eta: '4', min_resource: '2', max_resource: '81', brackets: '2' }),
    algorithm('threshold', { worse_than: '1e3' }),
  ])('finds nothing wrong with %j', (spec) => expect(algorithmCatalog.checkStopper(spec)).toEqual([]));

  it('says which setting is unknown, and which value is wrong', () =>
    expect(
      algorithmCatalog.checkStopper(algorithm('medianstop', { startStep: '2', min_trials_required: '0' })),
    ).toEqual([
      {
        code: 'SPEC_SETTING_UNKNOWN',
        path: ['algorithmSettings', 0, 'name'],
        message: 'The algorithm medianstop has no setting "startStep".',
        remedy: 'Did you mean "start_step"?',
      },
      {
        code: 'SPEC_SETTING_INVALID',
        path: ['algorithmSettings', 1, 'value'],
        message: 'The setting min_trials_required is "0".',
        remedy: 'It must be a whole number, 1 or more.',
      },
    ]));

  it('says which settings are missing', () =>
    expect(algorithmCatalog.checkStopper(algorithm('threshold'))).toEqual([
      {
        code: 'SPEC_SETTING_INVALID',
        path: ['algorithmSettings'],
        message: 'Neither worse_than nor good_enough is set: no trial would ever be stopped.',
        remedy: 'The settings of threshold are in docs/early-stopping.md.',
      },
    ]));

  it.each<[Objective, string]>([
    [{ type: 'minimize', objectiveMetricName: 'loss' }, 'best'],
    [{ type: 'maximize', objectiveMetricName: 'loss' }, 'best'],
    [strategy('minimize', 'max'), 'worst'],
    [strategy('maximize', 'latest'), 'latest'],
  ])('knows by %j that the %s value of a trial counts', (objective, standing) =>
    expect(stoppingProblem(objective).standing).toBe(standing),
  );
});

function strategy(type: Objective['type'], value: MetricStrategyType): Objective {
  return { type, objectiveMetricName: 'loss', metricStrategies: [{ name: 'loss', value }] };
}

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
