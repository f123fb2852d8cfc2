// Pretends to train: a tenth of a second for each epoch, and a loss that falls to a limit that the parameters set.
import { setTimeout } from 'node:timers/promises';

const [learningRate, dropout] = process.argv.slice(2).map(Number);
const limit = 0.1 + (Math.log10(learningRate) + 2) ** 2 + dropout ** 2;

for (let epoch = 1; epoch <= 27; epoch++) {
  await setTimeout(100);
  console.log(`epoch=${epoch} loss=${(limit + 1 / epoch).toFixed(4)}`);
}
