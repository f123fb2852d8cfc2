import { heldOutSet, loadDigits } from './data.ts';
import { startBackend } from './model/backend.ts';
import { evaluate } from './model/model.ts';
import { loadModel } from './model/saved-model.ts';

/* Shows what an exported model can do: node examples/digits/classify.ts DIRECTORY */

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Usage: node examples/digits/classify.ts DIRECTORY, with the directory of a model.json');
  process.exit(2);
}
await startBackend();
const { hiddenUnits, parameters } = loadModel(directory);
const heldOut = heldOutSet(loadDigits());
const { accuracy, loss } = evaluate(parameters, hiddenUnits, heldOut);
const right = Math.round(accuracy * heldOut.count);
console.log(
  `${right} of ${heldOut.count} images recognised: accuracy ${accuracy.toFixed(4)}, loss ${loss.toFixed(4)}`,
);
