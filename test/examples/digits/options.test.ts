import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../examples/digits/options.ts';
import { TrainingError } from '../../../examples/digits/training-error.ts';

describe('parseOptions', () => {
  it('reads flags and directories', () => {
    const flags = [
      '--learning-rate=1e-3',
      '--batch-size=16',
      '--hidden-units=48',
      '--optimizer=sgd',
      '--epochs=2',
    ];
    expect(parseOptions(flags, { modelDir: '/m', exportDir: '/e' })).toEqual({
      learningRate: 0.001,
      batchSize: 16,
      hiddenUnits: 48,
      optimizer: 'sgd',
      seed: 1,
      epochs: 2,
      joinTimeoutMs: 60_000,
      modelDir: '/m',
      exportDir: '/e',
    });
  });

  it('keeps nothing where no directory is given', () => {
    expect(parseOptions([], {})).toMatchObject({ modelDir: null, exportDir: null });
  });

  it.each([
    ['--learning-rate=fast', '--learning-rate=fast is not a positive number.'],
    ['--learning-rate=0', '--learning-rate=0 is not a positive number.'],
    ['--learning-rate=', '--learning-rate= is not a positive number.'],
    ['--hidden-units=1.5', '--hidden-units=1.5 is not a whole number.'],
    ['--optimizer=lion', '--optimizer=lion is not one of sgd, momentum, adam.'],
    ['--momentum=1', "Unknown option '--momentum'"],
  ])('refuses %s', (flag, complaint) => {
    expect(() => parseOptions([flag], {})).toThrow(TrainingError);
    expect(() => parseOptions([flag], {})).toThrow(complaint);
  });
});
