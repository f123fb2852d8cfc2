import { beforeAll, describe, expect, it } from 'vitest';
import { loadDigits, shardOf, shuffledBatches } from '../../../examples/digits/data.ts';
import { startBackend } from '../../../examples/digits/model/backend.ts';
import { evaluate, gradient } from '../../../examples/digits/model/model.ts';
import { createOptimizer, OPTIMIZERS } from '../../../examples/digits/model/optimizer.ts';
import {
  initialParameters,
  parameterCount,
  parameterLayout,
} from '../../../examples/digits/model/parameter-layout.ts';

const HIDDEN_UNITS = 8;
const batch = shardOf(loadDigits(), 0, 50);

beforeAll(startBackend);

describe('parameterLayout', () => {
  it('puts the tensors one after another', () => {
    const ends = parameterLayout(HIDDEN_UNITS).map(({ offset, size }) => [offset, offset + size]);
    expect(ends).toEqual([
      [0, 512],
      [512, 520],
      [520, 600],
      [600, 610],
    ]);
    expect(parameterCount(HIDDEN_UNITS)).toBe(610);
  });

  it('starts with weights that depend on the seed alone, and biases of 0', () => {
    const parameters = initialParameters(HIDDEN_UNITS, 1);
    expect(initialParameters(HIDDEN_UNITS, 1)).toEqual(parameters);
    expect(initialParameters(HIDDEN_UNITS, 2)).not.toEqual(parameters);
    expect([...parameters.subarray(512, 520), ...parameters.subarray(600)]).toEqual(Array(18).fill(0));
    expect(Math.max(...parameters.subarray(0, 512))).toBeLessThanOrEqual(Math.sqrt(6 / 72));
  });
});

describe('gradient', () => {
  it.each([0, 100, 511, 515, 520, 599, 604])('is the slope of the loss along parameter %i', (index) => {
    const parameters = initialParameters(HIDDEN_UNITS, 3);
    const lossAt = (shift: number): number => {
      const shifted = parameters.slice();
      shifted[index] = (shifted[index] ?? 0) + shift;
      return evaluate(shifted, HIDDEN_UNITS, batch).loss;
    };
    const step = 1e-2;
    const slope = (lossAt(step) - lossAt(-step)) / (2 * step);
    expect(gradient(parameters, HIDDEN_UNITS, batch)[index]).toBeCloseTo(slope, 3);
  });
});

describe('evaluate', () => {
  it('finds chance level and ln 10 for a network that knows nothing', () => {
    const { accuracy, loss } = evaluate(new Float32Array(610), HIDDEN_UNITS, batch);
    expect(loss).toBeCloseTo(Math.log(10), 5);
    expect(accuracy).toBe(batch.labels.filter((label) => label === 0).length / batch.count);
  });
});

describe('createOptimizer', () => {
  /** Parameters after each of three equal gradients of 2. */
  it.each([
    ['sgd', [0.8, 0.6, 0.4]],
    ['momentum', [0.8, 0.42, -0.122]],
    ['adam', [0.9, 0.8, 0.7]],
  ] as const)('%s makes the steps of its definition', (name, expected) => {
    const parameters = Float32Array.of(1);
    const optimizer = createOptimizer(name, 0.1, 1);
    const path = expected.map(() => {
      optimizer(parameters, Float32Array.of(2));
      return parameters[0];
    });
    path.forEach((value, step) => expect(value).toBeCloseTo(expected[step] ?? NaN, 5));
  });

  it.each(OPTIMIZERS)('%s reduces the loss of the network', (name) => {
    const parameters = initialParameters(HIDDEN_UNITS, 1);
    const optimizer = createOptimizer(name, 0.1, parameters.length);
    const before = evaluate(parameters, HIDDEN_UNITS, batch).loss;
    for (let epoch = 0; epoch < 20; epoch += 1) {
      for (const part of shuffledBatches(batch, 12, String(epoch))) {
        optimizer(parameters, gradient(parameters, HIDDEN_UNITS, part));
      }
    }
    expect(evaluate(parameters, HIDDEN_UNITS, batch).loss).toBeLessThan(0.8 * before);
  });
});
