import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';

/** Not a dependency: it downloads TensorFlow's C library when it is installed. A variable, so that it may be missing. */
const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node';

/**
 * Starts what computes: TensorFlow's C library where `@tensorflow/tfjs-node` is installed and works, else WebAssembly.
 * Call it once, before the first tensor.
 */
export async function startBackend(): Promise<void> {
  if (await startNativeBackend()) return;
  // The replicas of a job share the processors already; threads would only make them wait for each other.
  setThreadsCount(1);
  await tf.setBackend('wasm');
}

async function startNativeBackend(): Promise<boolean> {
  try {
    await import(NATIVE_PACKAGE);
    return (await tf.setBackend('tensorflow')) && multiplies();
  } catch {
    return false;
  }
}

/** Loading proves little: the native package can fail at its first operation on a newer Node. */
function multiplies(): boolean {
  return tf.tidy(() => tf.matMul(tf.tensor2d([[2]]), tf.tensor2d([[3]])).dataSync()[0] === 6);
}
