import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpecError } from '../../../core/errors.ts';
import type {
  ExperimentSpec,
  FeasibleSpace,
  ParameterSpec,
  ParameterType,
} from '../../../core/experiment.ts';
import { searchProblem } from '../../../core/validation/search-problem.ts';

function specOf(...parameters: ParameterSpec[]): ExperimentSpec {
  return {
    parameters,
    objective: { type: 'maximize', objectiveMetricName: 'acc' },
    trialTemplate: {},
    maxTrialCount: 10,
    parallelTrialCount: 2,
  };
}

function parameter(parameterType: ParameterType, feasibleSpace: FeasibleSpace): ParameterSpec {
  return { name: 'p', parameterType, feasibleSpace };
}

function parse(parameterType: ParameterType, feasibleSpace: FeasibleSpace): unknown {
  return searchProblem(specOf(parameter(parameterType, feasibleSpace))).parameters[0];
}

function codesOf(...parameters: ParameterSpec[]): string[] {
  try {
    searchProblem(specOf(...parameters));
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues.map(({ code, path }) => `${code} ${path.slice(3).join('.')}`.trim());
  }
}

describe('searchProblem', () => {
  it('parses every kind of parameter', () => {
    const problem = searchProblem(
      specOf(
        {
          name: 'a',
          parameterType: 'double',
          feasibleSpace: { min: '1e-3', max: '.5', distribution: 'logUniform' },
        },
        { name: 'b', parameterType: 'int', feasibleSpace: { min: '-2', max: '+8', step: '2' } },
        { name: 'c', parameterType: 'discrete', feasibleSpace: { list: ['10', '1.50', '-1e0'] } },
        { name: 'd', parameterType: 'categorical', feasibleSpace: { list: ['sgd', 'adam', ''] } },
      ),
    );
    expect(problem).toEqual({
      parameters: [
        {
          kind: 'double',
          name: 'a',
          min: 0.001,
          max: 0.5,
          step: null,
          decimals: 0,
          distribution: 'logUniform',
        },
        { kind: 'int', name: 'b', min: -2, max: 8, step: 2, distribution: 'uniform' },
        { kind: 'discrete', name: 'c', values: [-1, 1.5, 10], texts: ['-1e0', '1.50', '10'] },
        { kind: 'categorical', name: 'd', choices: ['sgd', 'adam', ''] },
      ],
      direction: 'maximize',
      maxTrials: 10,
      parallelTrials: 2,
    });
  });

  it('has no limit where maxTrialCount is absent, and three parallel trials by default', () => {
    const { parameters, objective, trialTemplate } = specOf();
    expect(searchProblem({ parameters, objective, trialTemplate })).toEqual({
      parameters: [],
      direction: 'maximize',
      maxTrials: null,
      parallelTrials: 3,
    });
  });

  it('accepts a range of one value', () => {
    expect(parse('int', { min: '1', max: '1' })).toMatchObject({ min: 1, max: 1, step: 1 });
    expect(parse('int', { min: '1', max: '1', step: '5' })).toMatchObject({ min: 1, max: 1, step: 5 });
  });

  it.each([
    ['0.01', '0.005', 3],
    ['0.5', '0.1', 1],
    ['0', '0.25', 2],
    ['1', '1', 0],
    ['0.0001', '1e-4', 4],
    ['0', '25e-4', 4],
    ['1.500', '0.50', 1],
    ['100', '1e1', 0],
    ['0.125', '1', 3],
    ['-0.3', '.1', 1],
  ])('counts the decimals of min %s and step %s', (min, step, decimals) => {
    expect(parse('double', { min, max: '1000', step })).toMatchObject({ decimals });
  });

  it('has enough decimals to print every lattice value without artefacts', () => {
    const arbitrary = fc.record({
      min: fc.integer({ min: -9999, max: 9999 }),
      step: fc.integer({ min: 1, max: 9999 }),
      scale: fc.integer({ min: 0, max: 6 }),
      index: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ min, step, scale, index }) => {
        const text = (value: number): string => `${value}e-${scale}`;
        const parsed = searchProblem(
          specOf(parameter('double', { min: text(min), max: text(min + 60 * step), step: text(step) })),
        ).parameters[0];
        if (parsed?.kind !== 'double' || parsed.step === null) throw new Error('expected a stepped double');
        const printed = (parsed.min + index * parsed.step).toFixed(parsed.decimals);
        expect(Number(printed)).toBe(Number(text(min + index * step)));
      }),
    );
  });

  it.each<[string, ParameterType, FeasibleSpace, string[]]>([
    ['a double without min', 'double', { max: '1' }, ['SPEC_REQUIRED feasibleSpace.min']],
    [
      'a double without anything',
      'double',
      {},
      ['SPEC_REQUIRED feasibleSpace.min', 'SPEC_REQUIRED feasibleSpace.max'],
    ],
    ['an int with an empty max', 'int', { min: '1', max: '' }, ['SPEC_REQUIRED feasibleSpace.max']],
    ['text for a number', 'double', { min: 'a', max: '1' }, ['SPEC_NUMBER_INVALID feasibleSpace.min']],
    ['a number with spaces', 'double', { min: ' 0', max: '1' }, ['SPEC_NUMBER_INVALID feasibleSpace.min']],
    ['an infinite number', 'double', { min: '0', max: 'inf' }, ['SPEC_NUMBER_INVALID feasibleSpace.max']],
    [
      'a number that overflows',
      'double',
      { min: '0', max: '1e999' },
      ['SPEC_NUMBER_INVALID feasibleSpace.max'],
    ],
    ['a hexadecimal number', 'int', { min: '0x1', max: '9' }, ['SPEC_NUMBER_INVALID feasibleSpace.min']],
    [
      'a range too wide to compute with',
      'double',
      { min: '-1e308', max: '1e308' },
      ['SPEC_NUMBER_INVALID feasibleSpace'],
    ],
    ['min above max', 'double', { min: '2', max: '1' }, ['SPEC_MIN_NOT_BELOW_MAX feasibleSpace.min']],
    ['a single double', 'double', { min: '2', max: '2' }, ['SPEC_MIN_NOT_BELOW_MAX feasibleSpace.min']],
    ['a broken int', 'int', { min: '1', max: '2.5' }, ['SPEC_NUMBER_NOT_WHOLE feasibleSpace.max']],
    ['an int beyond 53 bits', 'int', { min: '1', max: '1e16' }, ['SPEC_NUMBER_NOT_WHOLE feasibleSpace.max']],
    [
      'a broken step of an int',
      'int',
      { min: '1', max: '9', step: '0.5' },
      ['SPEC_NUMBER_NOT_WHOLE feasibleSpace.step'],
    ],
    ['step 0', 'double', { min: '0', max: '1', step: '0' }, ['SPEC_STEP_INVALID feasibleSpace.step']],
    ['a negative step', 'int', { min: '0', max: '5', step: '-1' }, ['SPEC_STEP_INVALID feasibleSpace.step']],
    [
      'a step larger than the range',
      'double',
      { min: '0', max: '1', step: '1.5' },
      ['SPEC_STEP_INVALID feasibleSpace.step'],
    ],
    [
      'a step too fine to count',
      'double',
      { min: '0', max: '1', step: '1e-20' },
      ['SPEC_STEP_INVALID feasibleSpace.step'],
    ],
    [
      'a step too fine to print',
      'double',
      { min: '0', max: '1e-190', step: '1e-200' },
      ['SPEC_STEP_INVALID feasibleSpace.step'],
    ],
    [
      'a step that is no number',
      'double',
      { min: '0', max: '1', step: 'x' },
      ['SPEC_NUMBER_INVALID feasibleSpace.step'],
    ],
    [
      'a list for a double',
      'double',
      { min: '0', max: '1', list: ['1'] },
      ['SPEC_FIELD_NOT_FOR_TYPE feasibleSpace.list'],
    ],
    [
      'logUniform from 0',
      'double',
      { min: '0', max: '1', distribution: 'logUniform' },
      ['SPEC_LOG_RANGE feasibleSpace.min'],
    ],
    [
      'logNormal from 0',
      'int',
      { min: '0', max: '9', distribution: 'logNormal' },
      ['SPEC_LOG_RANGE feasibleSpace.min'],
    ],
    ['discrete without a list', 'discrete', {}, ['SPEC_REQUIRED feasibleSpace.list']],
    ['an empty list', 'categorical', { list: [] }, ['SPEC_REQUIRED feasibleSpace.list']],
    [
      'min for a categorical',
      'categorical',
      { list: ['a'], min: '1' },
      ['SPEC_FIELD_NOT_FOR_TYPE feasibleSpace.min'],
    ],
    [
      'step for a discrete',
      'discrete',
      { list: ['1'], step: '1' },
      ['SPEC_FIELD_NOT_FOR_TYPE feasibleSpace.step'],
    ],
    [
      'a distribution over a list',
      'categorical',
      { list: ['a'], distribution: 'normal' },
      ['SPEC_FIELD_NOT_FOR_TYPE feasibleSpace.distribution'],
    ],
    [
      'text among discrete values',
      'discrete',
      { list: ['1', 'two'] },
      ['SPEC_NUMBER_INVALID feasibleSpace.list.1'],
    ],
    [
      'a discrete value twice, spelt differently',
      'discrete',
      { list: ['1', '1.0'] },
      ['SPEC_LIST_DUPLICATE feasibleSpace.list.1'],
    ],
    [
      'a choice twice',
      'categorical',
      { list: ['a', 'b', 'a'] },
      ['SPEC_LIST_DUPLICATE feasibleSpace.list.2'],
    ],
  ])('refuses %s', (_, type, space, expected) => {
    expect(codesOf(parameter(type, space))).toEqual(expected);
  });

  it.each([
    ['0.1', '0.3', '0.2'],
    ['0', '0.3', '0.1'],
    ['1', '3', '2'],
  ])('accepts from %s to %s by %s, although doubles are inexact', (min, max, step) => {
    expect(codesOf(parameter('double', { min, max, step }))).toEqual([]);
  });

  it.each([
    ['', 'SPEC_PARAMETER_NAME_INVALID name'],
    [' lr', 'SPEC_PARAMETER_NAME_INVALID name'],
    ['${trialSpec.Name}', 'SPEC_PARAMETER_NAME_INVALID name'],
  ])('refuses the name %j', (name, expected) => {
    const space = { min: '0', max: '1' };
    expect(codesOf({ name, parameterType: 'double', feasibleSpace: space })).toEqual([expected]);
  });

  it('refuses two parameters of one name', () => {
    const twice = parameter('double', { min: '0', max: '1' });
    expect(codesOf(twice, twice)).toEqual(['SPEC_PARAMETER_DUPLICATE name']);
  });
});
