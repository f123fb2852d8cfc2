import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initialParameters } from '../../../examples/digits/model/parameter-layout.ts';
import { exportModel, loadModel } from '../../../examples/digits/model/saved-model.ts';

const parameters = initialParameters(32, 1);
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'digits-'));
  exportModel(join(directory, 'deep', 'export'), 32, parameters);
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('an exported model', () => {
  it('is read back as it was', () => {
    expect(loadModel(join(directory, 'deep', 'export'))).toEqual({ hiddenUnits: 32, parameters });
  });

  it('describes its layers and its weights as TensorFlow.js expects them', () => {
    const text = readFileSync(join(directory, 'deep', 'export', 'model.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      format: 'layers-model',
      modelTopology: {
        class_name: 'Sequential',
        config: {
          layers: [
            { class_name: 'Dense', config: { units: 32, activation: 'relu', batch_input_shape: [null, 64] } },
            { class_name: 'Dense', config: { units: 10, activation: 'softmax' } },
          ],
        },
      },
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: [
            { name: 'hidden/kernel', shape: [64, 32], dtype: 'float32' },
            { name: 'hidden/bias', shape: [32] },
            { name: 'output/kernel', shape: [32, 10] },
            { name: 'output/bias', shape: [10] },
          ],
        },
      ],
    });
  });

  it('is refused when its weights are of another model', () => {
    writeFileSync(join(directory, 'deep', 'export', 'weights.bin'), new Uint8Array(40));
    expect(() => loadModel(join(directory, 'deep', 'export'))).toThrow(
      'weights.bin has 10 weights; model.json needs 2410',
    );
  });
});
