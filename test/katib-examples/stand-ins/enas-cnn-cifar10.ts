import { flagsOf, numberOf } from './flags.ts';
import { resultOf } from './learning-curve.ts';

/*
 * Stands in for RunTrial.py: builds a network from an architecture and a configuration, which it gets as JSON with single
 * quotes, and prints its metrics after each epoch.
 */

interface NetworkConfig {
  num_layers: number;
  embedding: Record<string, { opt_type: string }>;
}

const flags = flagsOf('RunTrial.py', { architecture: '', nn_config: '', num_epochs: '10', num_gpus: '1' });

function parse(text: string): unknown {
  return JSON.parse(text.replaceAll("'", '"'));
}

/** One list for each layer: its operation, then a 0 or 1 for each earlier layer. */
const architecture = parse(flags.architecture) as number[][];
const config = parse(flags.nn_config) as NetworkConfig;
if (architecture.length !== config.num_layers)
  throw new Error('the architecture has another number of layers');
for (const [operation = -1] of architecture) {
  const { opt_type } = config.embedding[String(operation)] ?? {};
  if (opt_type === undefined) throw new Error(`operation ${operation} is not embedded`);
  console.log(`layer of ${opt_type}`);
}

for (let epoch = 1; epoch <= numberOf(flags.num_epochs); epoch++) {
  const { accuracy, loss } = resultOf(epoch, 0.03, 0.01 * (architecture[0]?.[0] ?? 0));
  console.log(`\nTotal Epoch ${epoch}/${flags.num_epochs}`);
  console.log(`Training-Accuracy=${accuracy}\nTraining-Loss=${loss}`);
  console.log(`Validation-Accuracy=${accuracy - 0.02}\nValidation-Loss=${loss + 0.02}`);
}
