import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LABEL_COUNT, PIXELS_PER_IMAGE } from '../data.ts';
import { bytesOf, floatsOf } from '../float-bytes.ts';
import { TrainingError } from '../training-error.ts';
import { parameterCount, parameterLayout } from './parameter-layout.ts';

/*
 * A trained model as files, in the format of TensorFlow.js's `loadLayersModel`: model.json describes the layers and the
 * weights, weights.bin holds all weights one after another, which is our vector of parameters as it is.
 */

export interface SavedModel {
  readonly hiddenUnits: number;
  readonly parameters: Float32Array;
}

/** Writes model.json and weights.bin into a directory, which is made where it does not exist. */
export function exportModel(directory: string, hiddenUnits: number, parameters: Float32Array): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'weights.bin'), bytesOf(parameters));
  writeFileSync(join(directory, 'model.json'), `${JSON.stringify(describe(hiddenUnits), null, 2)}\n`);
}

/** Reads what `exportModel` wrote. Throws a TrainingError where the files do not belong together. */
export function loadModel(directory: string): SavedModel {
  const description = JSON.parse(readFileSync(join(directory, 'model.json'), 'utf8')) as ModelDescription;
  const parameters = floatsOf(readFileSync(join(directory, 'weights.bin')));
  const hiddenUnits = description.modelTopology.config.layers[0].config.units;
  if (parameters.length === parameterCount(hiddenUnits)) return { hiddenUnits, parameters };
  throw new TrainingError(
    `${directory}: weights.bin has ${parameters.length} weights; model.json needs ${parameterCount(hiddenUnits)}.`,
  );
}

type ModelDescription = ReturnType<typeof describe>;

function describe(hiddenUnits: number) {
  const hidden = { ...dense('hidden', hiddenUnits, 'relu'), batch_input_shape: [null, PIXELS_PER_IMAGE] };
  const output = dense('output', LABEL_COUNT, 'softmax');
  const layers = [
    { class_name: 'Dense', config: hidden },
    { class_name: 'Dense', config: output },
  ] as const;
  const weights = parameterLayout(hiddenUnits).map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  return {
    format: 'layers-model',
    generatedBy: 'Katydid digits example',
    convertedBy: null,
    modelTopology: { class_name: 'Sequential', config: { name: 'digits', layers } },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
}

function dense(name: string, units: number, activation: string) {
  return { name, units, activation, use_bias: true, dtype: 'float32', trainable: true };
}
