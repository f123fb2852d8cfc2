import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { float, message, bytes, eventFile, type TestEvent } from '../../support/tf-event-writer.ts';
import { flagsOf, numberOf } from './flags.ts';
import { resultOf, type Result } from './learning-curve.ts';

/*
 * Stands in for /opt/tf-mnist-with-summaries/mnist.py: TensorFlow 2 summaries, as tensors, in a folder for training and one for
 * testing, with the epoch (from 0) as the step. What it prints is not meant to be collected.
 */

const flags = flagsOf('/opt/tf-mnist-with-summaries/mnist.py', {
  'batch-size': '64',
  'learning-rate': '0.001',
  epochs: '10',
  'log-interval': '100',
  'log-path': '/tmp/tensorflow/mnist/logs/mnist_with_summaries',
});

/** A scalar as `tf.summary.scalar` writes it: a tensor of one float. */
function scalar(tag: string, value: number): { tag: string; tensor: Uint8Array } {
  const DT_FLOAT = 1;
  const shape = message();
  return {
    tag,
    tensor: bytes(message([1, 'varint', DT_FLOAT], [2, 'bytes', shape], [4, 'bytes', float(value)])),
  };
}

function summary({ accuracy, loss }: Result, epoch: number): TestEvent {
  const values = [scalar('loss', loss), scalar('accuracy', accuracy)];
  return { wallTimeSeconds: Date.now() / 1000, step: epoch, values };
}

function writeSummaries(folder: string, events: TestEvent[]): void {
  const directory = join(flags['log-path'], folder);
  mkdirSync(directory, { recursive: true });
  const name = `events.out.tfevents.${Math.floor(Date.now() / 1000)}.${hostname()}.${process.pid}.0.v2`;
  writeFileSync(join(directory, name), eventFile(events));
}

const results = Array.from({ length: numberOf(flags.epochs) }, (_, epoch) =>
  resultOf(epoch + 1, numberOf(flags['learning-rate']), numberOf(flags['batch-size']) / 64),
);
for (const [epoch, { loss, accuracy }] of results.entries()) {
  const progress = `[0/60000 (0%)]\tloss=${loss.toFixed(4)}, accuracy=${(accuracy * 100).toFixed(4)}`;
  console.log(`Train Epoch: ${epoch + 1} ${progress}`);
}
// Better on what it was trained on: who reads the wrong folder sees it.
writeSummaries(
  'train',
  results.map(({ loss }, epoch) => summary({ loss, accuracy: 0.95 }, epoch)),
);
writeSummaries('test', results.map(summary));
