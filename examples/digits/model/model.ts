import * as tf from '@tensorflow/tfjs-core';
import { LABEL_COUNT, PIXELS_PER_IMAGE, type DigitSet } from '../data.ts';
import { parameterLayout, type ParameterTensor } from './parameter-layout.ts';

/*
 * A network with one hidden layer: 64 pixels → hidden units (ReLU) → 10 digits (softmax). The functions take the vector
 * of parameter-layout.ts and keep nothing. startBackend() must have been called.
 */

export interface Evaluation {
  /** Share of the images that are recognised, 0 to 1. */
  readonly accuracy: number;
  /** Mean cross-entropy, in nats. */
  readonly loss: number;
}

/** How good the parameters are on a set. */
export function evaluate(parameters: Float32Array, hiddenUnits: number, set: DigitSet): Evaluation {
  return tf.tidy(() => {
    const { logits } = forward(weights(parameters, hiddenUnits), images(set));
    const logLikelihoods = tf.sum(tf.mul(tf.logSoftmax(logits), oneHotLabels(set)), 1);
    const guesses = tf.argMax(logits, 1).dataSync();
    const right = set.labels.filter((label, index) => label === guesses[index]).length;
    return { accuracy: right / set.count, loss: -scalarOf(tf.mean(logLikelihoods)) };
  });
}

/**
 * The gradient of the mean cross-entropy over a batch, in the layout of `parameters`. It is written out, because
 * tfjs-core registers no derivatives of its operations under Node.
 */
export function gradient(parameters: Float32Array, hiddenUnits: number, batch: DigitSet): Float32Array {
  return tf.tidy(() => {
    const layers = weights(parameters, hiddenUnits);
    const input = images(batch);
    const { sums, hidden, logits } = forward(layers, input);
    const byLogits = tf.div(tf.sub(tf.softmax(logits), oneHotLabels(batch)), batch.count);
    const byHidden = tf.matMul(byLogits, layers.outputKernel, false, true);
    const bySums = tf.mul(byHidden, tf.step(sums));
    return joined([
      tf.matMul(input, bySums, true),
      tf.sum(bySums, 0),
      tf.matMul(hidden, byLogits, true),
      tf.sum(byLogits, 0),
    ]);
  });
}

interface Weights {
  readonly hiddenKernel: tf.Tensor;
  readonly hiddenBias: tf.Tensor;
  readonly outputKernel: tf.Tensor;
  readonly outputBias: tf.Tensor;
}

function weights(parameters: Float32Array, hiddenUnits: number): Weights {
  const [hiddenKernel, hiddenBias, outputKernel, outputBias] = parameterLayout(hiddenUnits);
  const tensor = ({ shape, offset, size }: ParameterTensor): tf.Tensor =>
    tf.tensor(parameters.subarray(offset, offset + size), [...shape]);
  return {
    hiddenKernel: tensor(hiddenKernel),
    hiddenBias: tensor(hiddenBias),
    outputKernel: tensor(outputKernel),
    outputBias: tensor(outputBias),
  };
}

/** `sums` are the hidden layer's inputs to its ReLU. */
function forward(
  layers: Weights,
  input: tf.Tensor,
): { sums: tf.Tensor; hidden: tf.Tensor; logits: tf.Tensor } {
  const sums = tf.add(tf.matMul(input, layers.hiddenKernel), layers.hiddenBias);
  const hidden = tf.relu(sums);
  const logits = tf.add(tf.matMul(hidden, layers.outputKernel), layers.outputBias);
  return { sums, hidden, logits };
}

function images(set: DigitSet): tf.Tensor {
  return tf.tensor2d(set.pixels, [set.count, PIXELS_PER_IMAGE]);
}

function oneHotLabels(set: DigitSet): tf.Tensor {
  return tf.oneHot(tf.tensor1d(set.labels, 'int32'), LABEL_COUNT);
}

function joined(tensors: readonly tf.Tensor[]): Float32Array {
  const parts = tensors.map((tensor) => tensor.dataSync());
  const vector = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    vector.set(part, offset);
    offset += part.length;
  }
  return vector;
}

function scalarOf(tensor: tf.Tensor): number {
  return tensor.dataSync()[0] ?? NaN;
}
