import seedrandom from 'seedrandom';
import { LABEL_COUNT, PIXELS_PER_IMAGE } from '../data.ts';

/*
 * All parameters of the network are one vector of floats: a worker sends one, a parameter server holds a piece of one,
 * and an optimiser, which treats every float alike, never needs to know which weight it changes.
 */

export interface ParameterTensor {
  /** Keras's name of the weight. */
  readonly name: 'hidden/kernel' | 'hidden/bias' | 'output/kernel' | 'output/bias';
  readonly shape: readonly number[];
  /** Position of the first float in the vector. */
  readonly offset: number;
  readonly size: number;
}

/** The tensors in their order in the vector: hidden kernel, hidden bias, output kernel, output bias. */
export function parameterLayout(
  hiddenUnits: number,
): readonly [ParameterTensor, ParameterTensor, ParameterTensor, ParameterTensor] {
  const hiddenKernel = tensorAfter(null, 'hidden/kernel', [PIXELS_PER_IMAGE, hiddenUnits]);
  const hiddenBias = tensorAfter(hiddenKernel, 'hidden/bias', [hiddenUnits]);
  const outputKernel = tensorAfter(hiddenBias, 'output/kernel', [hiddenUnits, LABEL_COUNT]);
  const outputBias = tensorAfter(outputKernel, 'output/bias', [LABEL_COUNT]);
  return [hiddenKernel, hiddenBias, outputKernel, outputBias];
}

function tensorAfter(
  previous: ParameterTensor | null,
  name: ParameterTensor['name'],
  shape: readonly number[],
): ParameterTensor {
  const offset = previous ? previous.offset + previous.size : 0;
  return { name, shape, offset, size: shape.reduce((product, length) => product * length, 1) };
}

export function parameterCount(hiddenUnits: number): number {
  return parameterLayout(hiddenUnits).reduce((sum, { size }) => sum + size, 0);
}

/** Glorot and Bengio (2010), equation 16: uniform in ±√(6 / (inputs + outputs)). Biases start at 0. */
export function initialParameters(hiddenUnits: number, seed: number): Float32Array {
  const random = seedrandom.xor4096(`initial parameters ${seed}`);
  const parameters = new Float32Array(parameterCount(hiddenUnits));
  for (const { shape, offset, size } of parameterLayout(hiddenUnits)) {
    const [inputs = 0, outputs] = shape;
    if (outputs === undefined) continue;
    const bound = Math.sqrt(6 / (inputs + outputs));
    for (let index = offset; index < offset + size; index += 1)
      parameters[index] = bound * (2 * random() - 1);
  }
  return parameters;
}
