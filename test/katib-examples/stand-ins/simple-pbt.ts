import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagsOf, numberOf } from './flags.ts';

/*
 * Stands in for /opt/pbt/pbt_test.py: a toy whose accuracy grows fastest at a learning rate that depends on the accuracy, goes on
 * from a checkpoint, and prints once, at the end.
 */

interface Checkpoint {
  step: number;
  /** In percent. */
  accuracy: number;
}

const flags = flagsOf('/opt/pbt/pbt_test.py', {
  lr: '0.0001',
  epochs: '20',
  checkpoint: '/var/log/katib/checkpoints/',
});
const learningRate = numberOf(flags.lr);
mkdirSync(flags.checkpoint, { recursive: true });
const file = join(flags.checkpoint, 'training.ckpt');

function readCheckpoint(): Checkpoint {
  if (!existsSync(file)) return { step: 1, accuracy: 0 };
  return JSON.parse(readFileSync(file, 'utf8')) as Checkpoint;
}

/** Rises until half of the way, then falls again. */
function bestRateAt(accuracy: number): number {
  return Math.max(0.001, 0.01 * (1 - Math.abs(accuracy - 50) / 50));
}

function advance({ step, accuracy }: Checkpoint): Checkpoint {
  const best = bestRateAt(accuracy);
  const mismatch = Math.max(learningRate, best) / Math.min(learningRate, best);
  return { step: step + 1, accuracy: Math.min(100, accuracy + 1 / mismatch) };
}

let state = readCheckpoint();
for (let epoch = 0; epoch < numberOf(flags.epochs); epoch++) state = advance(state);
writeFileSync(file, JSON.stringify(state));
console.log(`epoch ${state.step}:`);
console.log(`lr=${learningRate.toFixed(4)}`);
console.log(`Validation-accuracy=${(state.accuracy / 100).toFixed(4)}`);
