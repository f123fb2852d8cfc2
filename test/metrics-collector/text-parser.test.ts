import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectionReport } from '../../core/observation.ts';
import { createCollectionTally } from '../../metrics-collector/collection-tally.ts';
import { KATIB_DEFAULT_FILTER } from '../../metrics-collector/default-filter.ts';
import type { MetricReading } from '../../metrics-collector/metric-reading.ts';
import { createTextParser } from '../../metrics-collector/text-parser.ts';

function parse(
  lines: readonly string[],
  metrics: readonly string[],
  filters: readonly string[] = [],
): { readings: MetricReading[]; report: CollectionReport } {
  const tally = createCollectionTally(metrics);
  const parser = createTextParser({ metrics, filters, tally });
  const block = lines.map((line) => `${line}\n`).join('');
  return { readings: parser.parse(block), report: tally.report() };
}

/** `[metric, value]` of everything found in one line. */
function pairs(line: string, metrics: readonly string[], filters: readonly string[] = []): unknown[] {
  return parse([line], metrics, filters).readings.map(({ metric, value, text }) => [metric, text ?? value]);
}

describe('the default filter', () => {
  it.each([
    ['loss=-Infinity', -Infinity],
    ['loss=+Inf', Infinity],
    ['loss=NaN,', NaN],
    ['loss=+0.5', 0.5],
    ['loss=1E+3', 1000],
    ['loss=-1,234,567', -1234567],
    ['loss=12,acc=3', 12],
    ['loss=0.5%', 0.5],
    ['loss=0.5s', 0.5],
    ['"loss": "0.5"', 0.5],
    ["metrics['loss'] = 0.5", 0.5],
    ['`loss`: 0.5', 0.5],
    ['| loss=0.5|acc=0.9|', 0.5],
    ["loss=tensor(0.5, device='cuda:0', grad_fn=<NllLossBackward0>)", 0.5],
    ['loss=tf.Tensor(0.5, shape=(), dtype=float32)', 0.5],
    ['loss=np.float64(0.5)', 0.5],
    ["loss=Decimal('0.5')", 0.5],
    ['...loss=0.5', 0.5],
    ['Epoch 3: loss:0.5', 0.5],
    ['10/10 [====] - 0s 2ms/step - loss: 0.5 - accuracy: 0.9\b\b\b', 0.5],
  ])('reads %j', (line, value) => {
    expect(pairs(line, ['loss'])).toEqual([['loss', value]]);
  });

  it.each([
    'val/loss=0.5',
    'val.loss=0.5',
    'val_loss=0.5',
    'val-loss=0.5',
    'loss_scale=0.5',
    'loss/train=0.5',
    'losses=0.5',
    'Loss=0.5',
    'loss is 0.5',
    'loss=',
    'loss=0,5',
    'loss=1,2345',
    'loss=information',
    'loss=nanosecond',
    'loss==0.5',
    'loss=[0.5, 0.6]',
  ])('does not take %j for loss', (line) => {
    expect(pairs(line, ['loss'])).toEqual([]);
  });

  it('counts overlapping names for the longest only', () => {
    const line = 'val loss: 0.5, loss: 0.7';
    expect(pairs(line, ['loss', 'val loss'])).toEqual([
      ['val loss', 0.5],
      ['loss', 0.7],
    ]);
    expect(pairs('train:loss=0.5', ['loss', 'train:loss'])).toEqual([['train:loss', 0.5]]);
  });

  it('finds all values of a line in order', () => {
    expect(pairs('loss=1 acc=2 loss=3', ['loss', 'acc'])).toEqual([
      ['loss', 1],
      ['acc', 2],
      ['loss', 3],
    ]);
  });

  it('takes metric names literally', () => {
    expect(pairs('f1@(10)=0.5 f1@x10=0.6', ['f1@(10)'])).toEqual([['f1@(10)', 0.5]]);
    expect(pairs('a.b=1 aXb=2', ['a.b'])).toEqual([['a.b', 1]]);
  });

  it('is meant by Katib’s own expression', () => {
    expect(pairs('loss: nan', ['loss'], [KATIB_DEFAULT_FILTER])).toEqual([['loss', NaN]]);
  });
});

describe('filters of the user’s', () => {
  it.each([
    {
      line: '{metricName: accuracy, metricValue: 0.97};{metricName: loss, metricValue: -3}',
      filters: [String.raw`{metricName: ([\w|-]+), metricValue: ((-?\d+)(\.\d+)?)}`],
      expected: [
        ['accuracy', 0.97],
        ['loss', -3],
      ],
    },
    {
      line: 'accuracy is 0.5, loss > 0.25',
      filters: [String.raw`(\w+) is ([\d.]+)`, String.raw`(\w+) > ([\d.]+)`],
      expected: [
        ['accuracy', 0.5],
        ['loss', 0.25],
      ],
    },
    {
      line: 'loss=Genotype(normal=[(1, 2)])',
      filters: [String.raw`([\w-]+)=(Genotype.*)`],
      expected: [['loss', 'Genotype(normal=[(1, 2)])']],
    },
    { line: 'loss=nan', filters: [String.raw`(\w+)=(\S+)`], expected: [['loss', NaN]] },
    { line: 'loss=  0.5 ', filters: [String.raw`(\w+)=(.*)`], expected: [['loss', 0.5]] },
    { line: 'val/loss=0.5', filters: [String.raw`(\w+)=(\S+)`], expected: [['loss', 0.5]] },
    { line: 'loss=', filters: [String.raw`(\w+)=(.*)`], expected: [] },
  ])('$filters find in $line', ({ line, filters, expected }) => {
    expect(pairs(line, ['loss', 'accuracy'], filters)).toEqual(expected);
  });

  it.each([
    ['(a', 'is not a regular expression of RE2'],
    [String.raw`(\w+)=(?=x)(.*)`, 'is not a regular expression of RE2'],
    [String.raw`(\w+)=.*`, 'needs two groups'],
  ])('that cannot be used, like %j, are a problem and do not stop the others', (filter, says) => {
    const { readings, report } = parse(['loss=0.5'], ['loss'], [filter, String.raw`(\w+)=(\S+)`]);
    expect(readings).toMatchObject([{ value: 0.5 }]);
    expect(report.problems).toEqual([expect.stringContaining(says)]);
  });

  it.each([
    ['loss((a+)+)$', `loss${'a'.repeat(20_000)}!`],
    ['(loss)(a+)+$', `loss${'a'.repeat(20_000)}!`],
    [String.raw`(\w+\w+)+=(x+x+)+y`, `loss${'x'.repeat(5_000)}=${'x'.repeat(5_000)}`],
    [String.raw`(.*)(.*)(.*)(.*)(.*)=(.*)(.*)[^=]z`, `loss${'x'.repeat(5_000)}=${'x'.repeat(5_000)}`],
  ])('cannot hang the collector: %s', (filter, line) => {
    // An engine that goes back would need longer than the universe has.
    expect(parse([line], ['loss'], [filter]).readings).toEqual([]);
  });

  it('that the collector suggests cannot hang it, either', () => {
    const line = `loss ${'is '.repeat(5)}0.5`;
    const filter = parse([line], ['loss']).report.mentions?.['loss']?.filter ?? '';
    expect(filter).not.toBe('');
    const hostile = `loss ${'is   '.repeat(10_000)}`;
    expect(parse([line, hostile], ['loss'], [filter]).readings).toMatchObject([{ value: 0.5 }]);
  });
});

describe('time and step', () => {
  const place = (...lines: string[]): unknown[] =>
    parse(lines, ['loss']).readings.map(({ step, timeMs }) => [step, timeMs]);

  it.each([
    ['2026-01-01T00:00:00Z loss=1', Date.UTC(2026, 0, 1)],
    ['2026-01-01T00:00:00.123456789Z loss=1', Date.UTC(2026, 0, 1) + 123],
    ['2026-01-01T02:00:00+02:00 loss=1', Date.UTC(2026, 0, 1)],
    ['2026-01-01 00:00:00 loss=1', null],
    ['2026-13-01T00:00:00Z loss=1', null],
    ['loss=1 2026-01-01T00:00:00Z', null],
  ])('of %j is %j', (line, timeMs) => {
    expect(place(line)).toEqual([[null, timeMs]]);
  });

  it.each([
    ['step=12 loss=1', 12],
    ['Epoch 3/10 loss=1', 3],
    ['[Epoch 3] loss=1', 3],
    ['Epoch [3/10] loss=1', 3],
    ['EPOCH: 00003 loss=1', 3],
    ['epoch=3 step=700 loss=1', 700],
    ['step=5 epoch=3 global_step=700 loss=1', 700],
    ['Global step 700: loss=1', 700],
    ["{'loss': 1, 'epoch': 1.5}", 1.5],
    ['[17]\tloss:0.5', 17],
    ['steps_per_epoch=100 loss=1', null],
    ['num_epochs=100 loss=1', null],
    ['epochs=100 loss=1', null],
    ['12ms/step - loss: 1', null],
  ])('step of %j is %j', (line, step) => {
    expect(place(line)).toEqual([[step, null]]);
  });

  it('keeps the epoch of an earlier line until the next', () => {
    const lines = ['Epoch 1/5', 'loss=1', 'step=9 loss=2', 'Epoch 2/5', 'loss=3'];
    expect(place(...lines)).toEqual([
      [1, null],
      [9, null],
      [2, null],
    ]);
  });
});

describe('the report', () => {
  it('counts lines and values', () => {
    const { report } = parse(['loss=1', '', 'nothing', 'loss=2'], ['loss', 'accuracy']);
    expect(report).toMatchObject({ read: 4, found: { loss: 2, accuracy: 0 } });
  });

  it.each([
    ['val/acc=0.5', 'val/acc'],
    ['Accuracy: 0.5', 'Accuracy'],
    ['test_accuracy 1 acc=0.9', 'acc'],
    ['2026-01-01T10:00:00Z eval.accuracy=0.5', 'eval.accuracy'],
  ])('names what was seen instead in %j', (line, name) => {
    expect(parse([line, line], ['accuracy']).report.otherNames).toEqual({ [name]: 2 });
  });

  it('names what a filter of the user’s matched instead', () => {
    const { report } = parse(['{metric: acc, 0.5}'], ['accuracy'], [String.raw`{metric: (\w+), (\S+)}`]);
    expect(report.otherNames).toEqual({ acc: 1 });
  });

  it('does not name times, addresses or requested metrics', () => {
    const lines = ['12:30:59 started', 'loss=1', 'http://localhost:8080/x?y=z', '2026-01-01T10:00:00Z up'];
    expect(parse(lines, ['loss']).report.otherNames).toEqual({});
  });

  it('shows what stood in the place of a number', () => {
    const lines = ['loss=<unset>', 'loss=other', 'accuracy=', 'f1=0,5'];
    expect(parse(lines, ['loss', 'accuracy', 'f1']).report.notNumbers).toEqual({
      loss: '<unset>',
      accuracy: '',
      f1: '0,5',
    });
  });

  it('stays small whatever the log holds, and keeps the names that come again and again', () => {
    const lines = Array.from({ length: 1_500 }, (_, at) => [`setting_${at}=${at}`, 'val_loss=0.5']).flat();
    const { otherNames } = parse(lines, ['loss']).report;
    expect(Object.keys(otherNames)).toHaveLength(50);
    expect(Object.keys(otherNames)[0]).toBe('val_loss');
  });

  it('keeps names that are special in JavaScript', () => {
    const { report } = parse(['__proto__=1 constructor=2'], ['loss']);
    expect(Object.entries(report.otherNames)).toEqual([
      ['__proto__', 1],
      ['constructor', 1],
    ]);
  });
});

describe('any line', () => {
  const fragments = [
    'loss',
    '=',
    ':',
    ' ',
    '1,234',
    'nan',
    '(',
    '"',
    'tensor(',
    '\u001b[',
    'epoch',
    '[',
    'e',
    '.',
  ];
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...fragments)).map((parts) => parts.join('')),
  );

  it('is read without an error, and only requested metrics come out of it', () => {
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom([], [String.raw`(\S+)\s*=(.*)`]), (lines, filters) => {
        const metrics = ['loss', 'a.b', '('];
        for (const { metric, value, text } of parse(lines, metrics, filters).readings) {
          expect(metrics).toContain(metric);
          if (text !== undefined) expect(value).toBeNaN();
        }
      }),
    );
  });

  it.each(['loss', 'a=', 'loss ', '\u001b[', '\u001b]', 'epoch [', 'tensor(', 'loss="', '1,111', 'a.', '='])(
    'made of many %j takes no time that grows with its square',
    (fragment) => {
      const long = `loss=${fragment.repeat(65_536 / fragment.length)}`;
      const lines = Array.from({ length: 20 }, () => long);
      // With quadratic matching this would run for minutes into the time limit of the test.
      expect(parse(lines, ['loss']).report.read).toBe(20);
    },
  );
});
