import { appendFileSync } from 'node:fs';
import { flagsOf, numberOf } from './flags.ts';
import { createHypertune } from './hypertune.ts';
import { resultOf } from './learning-curve.ts';
import { withProcessGroup } from './process-group.ts';

/*
 * Stands in for /opt/pytorch-mnist/mnist.py: Python's logging to stderr, or to a file; every ten batches a line with the
 * loss, after each epoch a line in a format of its own, and JSON by hypertune where asked for.
 */

const SAMPLES = 60_000;

const flags = flagsOf('/opt/pytorch-mnist/mnist.py', {
  epochs: '10',
  'batch-size': '64',
  lr: '0.01',
  momentum: '0.5',
  'log-path': '',
  logger: 'standard',
});
const epochs = numberOf(flags.epochs);
const batchSize = numberOf(flags['batch-size']);
const logPath = flags['log-path'];
const isHypertune = flags.logger === 'hypertune';

function log(message: string): void {
  const line = `${new Date().toISOString().slice(0, 19)}Z INFO     ${message}\n`;
  if (logPath === '' || isHypertune) process.stderr.write(line);
  else appendFileSync(logPath, line);
}

function train(): void {
  const hypertune = isHypertune ? createHypertune(logPath) : null;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const { accuracy, loss } = resultOf(epoch, numberOf(flags.lr), numberOf(flags.momentum));
    for (const percent of [0, 33, 67]) {
      const sample = Math.floor((SAMPLES * percent) / 100 / batchSize) * batchSize;
      const trained = loss + (1 - percent / 100) / epoch;
      log(`Train Epoch: ${epoch} [${sample}/${SAMPLES} (${percent}%)]\tloss=${trained.toFixed(4)}`);
    }
    const pair = (name: string, value: number): string =>
      `{metricName: ${name}, metricValue: ${value.toFixed(4)}}`;
    log(`${pair('accuracy', accuracy)};${pair('loss', loss)}\n`);
    hypertune?.report('loss', loss, epoch);
    hypertune?.report('accuracy', accuracy, epoch);
  }
}

await withProcessGroup(train);
