// Pretends to train for so many epochs in all, going on from the checkpoint where there is one.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [learningRate, momentum, epochs] = process.argv.slice(2, 5).map(Number);
const file = join(process.argv[5], 'checkpoint.json');

let state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { epoch: 0, loss: 1 };
const { KATYDID_PARENT_TRIAL: parent } = process.env;
console.log(parent ? `goes on from ${parent} after epoch ${state.epoch}` : 'begins');

// What these hyperparameters come to in the end, and how fast.
const limit = 0.1 + 0.1 * (Math.log10(learningRate) + 1.5) ** 2 + (momentum - 0.8) ** 2;
const speed = Math.min(0.5, 0.1 + learningRate);
while (state.epoch < epochs) {
  state = { epoch: state.epoch + 1, loss: state.loss + speed * (limit - state.loss) };
  writeFileSync(file, JSON.stringify(state));
  console.log(`epoch=${state.epoch} loss=${state.loss.toFixed(4)}`);
}
