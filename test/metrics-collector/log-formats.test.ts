import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { explainMissingMetrics } from '../../controller/trial/explain-missing-metrics.ts';
import type { Explanation } from '../../controller/trial/explanation.ts';
import type { CollectionReport } from '../../core/observation.ts';
import { createCollectionTally } from '../../metrics-collector/collection-tally.ts';
import { lineReadings } from '../../metrics-collector/line-readings.ts';
import { createTextParser } from '../../metrics-collector/text-parser.ts';

const ESC = '\u001b';

interface Read {
  /** `[metric, value]` in the order of the log. */
  values: [string, number][];
  report: CollectionReport;
}

/** What the collector makes of a log that arrives in small pieces. */
async function read(log: string, metrics: readonly string[], filters: readonly string[] = []): Promise<Read> {
  const tally = createCollectionTally(metrics);
  const bytes = Buffer.from(log);
  async function* arrive(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 7) yield await Promise.resolve(bytes.subarray(at, at + 7));
  }
  const readings = await Array.fromAsync(
    lineReadings(arrive(), createTextParser({ metrics, filters, tally }), tally),
  );
  return { values: readings.flat().map(({ metric, value }) => [metric, value]), report: tally.report() };
}

/** What users are told of a trial with this log that has no objective. */
async function explained(log: string, metric: string, filters: readonly string[] = []): Promise<Explanation> {
  const { report } = await read(log, [metric], filters);
  return explainMissingMetrics({
    objectiveMetric: metric,
    collector: { collector: { kind: 'StdOut' } },
    reports: { 'pod/training': report },
    logTails: [],
    primaryContainer: 'training',
  });
}

/** The filters that an explanation shows, pasted into YAML. */
function pastedFilters(remedy: string): string[] {
  const at = remedy.indexOf('metricsFormat:');
  const pasted = at < 0 ? {} : (parseYaml(remedy.slice(at)) as { metricsFormat?: string[] });
  return pasted.metricsFormat ?? [];
}

describe('the eighteen formats that trainings commonly print', () => {
  it.each<[string, string, number]>([
    ['loss=0.5', 'loss', 0.5],
    ['loss = 0.5', 'loss', 0.5],
    ['100%|██████████| 10/10 [00:01<00:00,  7.3it/s, loss=0.5]', 'loss', 0.5],
    ['loss=1e-05', 'loss', 1e-5],
    ['loss=-0.5', 'loss', -0.5],
    ['loss=.98', 'loss', 0.98],
    ['loss=5.', 'loss', 5],
    ['loss=0.5 acc=0.9', 'acc', 0.9],
    ['loss=nan', 'loss', NaN],
    ['loss=1,234.5', 'loss', 1234.5],
    ['loss: 0.5', 'loss', 0.5],
    ['{"loss": 0.5}', 'loss', 0.5],
    ["{'eval_loss': 0.5, 'eval_runtime': 1.5, 'epoch': 1.0}", 'eval_loss', 0.5],
    ['val/loss=0.5', 'val/loss', 0.5],
    ['val.loss=0.5', 'val.loss', 0.5],
    [`${ESC}[32mloss${ESC}[0m=${ESC}[1;31m0.5${ESC}[0m`, 'loss', 0.5],
    ['loss=tensor(0.5)', 'loss', 0.5],
    ['loss=inf', 'loss', Infinity],
  ])('%j gives %s = %d without a filter, once', async (line, metric, value) => {
    const noise = 'loading data\n';
    expect((await read(`${noise}${line}\n${noise}`, [metric])).values).toEqual([[metric, value]]);
    expect((await read(line, [metric])).values).toEqual([[metric, value]]);
  });

  it.each(['val/loss=0.5', 'val.loss=0.5'])('%j is not counted as loss', async (line) => {
    expect((await read(line, ['loss'])).values).toEqual([]);
    expect((await explained(line, 'loss')).remedy).toContain(`Did you mean "${line.split('=')[0] ?? ''}"?`);
  });
});

describe('the output of', () => {
  it.each<[string, string, string[], [string, number][]]>([
    [
      'a progress bar that only returns to the start of its line',
      '\rEpoch 1:  50%|█▌ | 5/10 [00:01<00:01, loss=0.9]\rEpoch 1: 100%|███| 10/10 [00:02<00:00, loss=0.7]\r',
      ['loss'],
      [
        ['loss', 0.9],
        ['loss', 0.7],
      ],
    ],
    [
      'Keras 3 in colour',
      `${ESC}[1m10/10${ESC}[0m ${ESC}[32m━━━━${ESC}[0m${ESC}[37m${ESC}[0m ${ESC}[1m0s${ESC}[0m 7ms/step - accuracy: 0.9 - loss: 0.25 - val_loss: 0.5\b\b\n`,
      ['val_loss', 'accuracy'],
      [
        ['accuracy', 0.9],
        ['val_loss', 0.5],
      ],
    ],
    [
      'PyTorch Lightning',
      'Epoch 3: 100%|██████████| 10/10 [00:01<00:00,  7.3it/s, v_num=0, train_loss=0.5, val/acc=0.875]\n',
      ['val/acc', 'train_loss'],
      [
        ['train_loss', 0.5],
        ['val/acc', 0.875],
      ],
    ],
    ['XGBoost', '[12]\ttrain-rmse:0.50000\teval-rmse:0.75000\n', ['eval-rmse'], [['eval-rmse', 0.75]]],
    [
      'LightGBM',
      "[12]\tvalid_0's l2: 0.5\tvalid_0's auc: 0.9\n",
      ["valid_0's auc"],
      [["valid_0's auc", 0.9]],
    ],
    [
      'scikit-learn',
      '[CV 1/5] END .......C=1, kernel=rbf;, score=0.933 total time=   0.0s\n',
      ['score'],
      [['score', 0.933]],
    ],
    ['logging', '2026-01-01 10:00:00,123 - INFO - train.py:7 - loss: 0.5\r\n', ['loss'], [['loss', 0.5]]],
    ['the PyTorch examples', 'Train Epoch: 1 [640/60000 (1%)]\tLoss: 1.844\n', ['Loss'], [['Loss', 1.844]]],
    [
      'Katib’s examples',
      '{metricName: accuracy, metricValue: 0.97};{metricName: loss, metricValue: 0.1}\n',
      ['accuracy', 'loss'],
      [],
    ],
  ])('%s', async (_, log, metrics, values) => {
    expect((await read(log, metrics)).values).toEqual(values);
  });
});

describe('a format that the default filter does not know', () => {
  it.each<[string, string, number]>([
    ['the loss is 0.5', 'loss', 0.5],
    ['loss 0.5', 'loss', 0.5],
    ['test loss -> 0.5!', 'loss', 0.5],
    ['loss==0.5', 'loss', 0.5],
    ['loss=[0.5, 0.6]', 'loss', 0.5],
    ['loss: mean 0.5', 'loss', 0.5],
    ['loss (eval): 0.5', 'loss', 0.5],
    ['loss after', 'loss', NaN],
    ['|    ep_rew_mean          | 21.4        |', 'ep_rew_mean', 21.4],
    [' * Acc@1 85.16 Acc@5 97.5', 'Acc@1', 85.16],
    ['{"metric": "loss", "value": 0.5}', 'loss', 0.5],
    ['{metricName: accuracy, metricValue: 0.97}', 'accuracy', 0.97],
    ["('loss', '0.5')", 'loss', 0.5],
    ['loss[12/100]: 5e-1', 'loss', 0.5],
    ['loss at epoch 3: 0.5', 'loss', 0.5],
    [`${ESC}[1mloss${ESC}[0m ${ESC}[31m0.5${ESC}[0m`, 'loss', 0.5],
    ['loss nan', 'loss', NaN],
    ['wandb:     val/acc 0.875', 'val/acc', 0.875],
  ])(
    'is explained with the line and, where there is a number, a filter to paste: %j',
    async (line, metric, value) => {
      const log = `val_${metric} is 7\n${line}\nloading 3 files\n`;
      expect((await read(log, [metric])).values).toEqual([]);
      const { cause, remedy } = await explained(log, metric);
      expect(cause).toContain('The name stands in "');
      const filters = pastedFilters(remedy);
      if (line === 'loss after') expect(filters).toEqual([]);
      else expect((await read(log, [metric], filters)).values).toEqual([[metric, value]]);
    },
  );

  it.each([
    ['loss=0,5', 'Print the number with a decimal point.'],
    ['Loss=0.5', 'Did you mean "Loss"?'],
  ])('which no filter could read is explained otherwise: %j', async (line, says) => {
    expect((await explained(line, 'loss')).remedy).toContain(says);
  });

  it.each([
    'loss 12:30:59',
    'loss at 2026-01-01',
    'loss function cross_entropy, lr 0.1',
    'loss improved from 0.5 to 0.4',
    'loss, version 1.2.3',
    'my-loss 0.5',
  ])('gets no filter where the number may be that of something else: %j', async (line) => {
    expect(pastedFilters((await explained(line, 'loss')).remedy)).toEqual([]);
  });

  it('gets the filter for its commonest form', async () => {
    const log = `loss of 7\n${'loss --> 0.5\n'.repeat(3)}loss | 9\n`;
    const { remedy } = await explained(log, 'loss');
    expect((await read(log, ['loss'], pastedFilters(remedy))).values).toEqual(Array(3).fill(['loss', 0.5]));
  });

  it('is explained also where a filter of the user’s does not match', async () => {
    const { remedy } = await explained('loss=0.5\n', 'loss', [String.raw`(\w+) is (\S+)`]);
    expect((await read('loss=0.5\n', ['loss'], pastedFilters(remedy))).values).toEqual([['loss', 0.5]]);
  });

  it('never gets a filter that reads something else', async () => {
    const gap = fc
      .array(
        fc.constantFrom(' ', ': ', '=', '->', '|', '[3]', '(', ')', '"', "'", 'is', 'epoch 3', '\t', '*'),
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        gap,
        fc.constantFrom('f1@(10)', 'loss', 'a.b'),
        fc.double().filter((value) => !Object.is(value, -0)),
        async (between, metric, value) => {
          const line = `${metric} ${between} ${value}`;
          const { report } = await read(line, [metric]);
          const filter = report.mentions?.[metric]?.filter;
          if (filter != null)
            expect((await read(line, [metric], [filter])).values).toEqual([[metric, value]]);
        },
      ),
    );
  });
});
