import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectionReport } from '../../core/observation.ts';
import { createCollectionTally } from '../../metrics-collector/collection-tally.ts';
import { createJsonParser } from '../../metrics-collector/json-parser.ts';
import type { MetricReading } from '../../metrics-collector/metric-reading.ts';

function parse(
  lines: readonly string[],
  metrics: readonly string[],
): { readings: MetricReading[]; report: CollectionReport } {
  const tally = createCollectionTally(metrics);
  const parser = createJsonParser({ metrics, tally });
  return { readings: parser.parse(lines.map((line) => `${line}\n`).join('')), report: tally.report() };
}

const pairs = (line: string, ...metrics: string[]): unknown[] =>
  parse([line], metrics).readings.map(({ metric, value, text }) => [metric, text ?? value]);

describe('createJsonParser', () => {
  it.each([
    ['{"loss": 0.5}', 0.5],
    ['{"loss": "0.5"}', 0.5],
    ['  {"loss": 1e-05}  ', 1e-5],
    ['\u001b[32m{"loss": 0.5}\u001b[0m', 0.5],
    ['{"loss": NaN}', NaN],
    ['{"note": "NaN \\" Infinity", "loss": -Infinity}', -Infinity],
    ['{"loss": "nan"}', NaN],
    ['{"loss": "+Inf"}', Infinity],
    ['{"loss": "Genotype(normal=[])"}', 'Genotype(normal=[])'],
  ])('reads the value of %j', (line, value) => {
    expect(pairs(line, 'loss')).toEqual([['loss', value]]);
  });

  it.each([
    ['{"val": {"loss": 0.5}}', 'val.loss'],
    ['{"val": {"loss": 0.5}}', 'val/loss'],
    ['{"val.loss": 0.5}', 'val.loss'],
    ['{"val/loss": 0.5}', 'val/loss'],
    ['{"metrics": {"val/loss": 0.5}}', 'metrics.val/loss'],
    ['{"a.b": {"c": 0.5}, "a": {"b": 1}}', 'a.b.c'],
  ])('finds in %j the metric %j', (line, metric) => {
    expect(pairs(line, metric)).toEqual([[metric, 0.5]]);
  });

  it.each([
    '{"val": {"loss": 1}}',
    '{"loss": null}',
    '{"loss": ""}',
    '{"loss": true}',
    '{"loss": [1]}',
    '[1]',
    '""',
  ])('finds no loss in %j', (line) => {
    expect(pairs(line, 'loss')).toEqual([]);
  });

  it('takes no value from what every object inherits', () => {
    expect(pairs('{"a": 1}', 'constructor', 'toString.length', '__proto__')).toEqual([]);
  });

  it('gives the metrics in the order they were asked for', () => {
    expect(pairs('{"acc": 2, "loss": 1}', 'loss', 'acc')).toEqual([
      ['loss', 1],
      ['acc', 2],
    ]);
  });

  it.each([
    ['"2026-01-01T00:00:00.5Z"', Date.UTC(2026, 0, 1) + 500],
    ['1638422847.28721', 1_638_422_847_287],
    ['1638422847', 1_638_422_847_000],
    ['1638422847287', 1_638_422_847_287],
    ['1638422847287210', 1_638_422_847_287],
    ['1638422847287210000', 1_638_422_847_287],
    ['"yesterday"', null],
    ['1e300', null],
    ['null', null],
  ])('reads the timestamp %s as %j', (timestamp, timeMs) => {
    expect(parse([`{"loss": 1, "timestamp": ${timestamp}}`], ['loss']).readings).toMatchObject([{ timeMs }]);
  });

  it.each([
    ['"step": 7', 7],
    ['"epoch": "3"', 3],
    ['"epoch": 1.5', 1.5],
    ['"epoch": 1, "step": 2, "global_step": 3', 3],
    ['"step": "first"', null],
    ['"steps": 3', null],
  ])('reads the step of %s as %j', (fields, step) => {
    expect(parse([`{"loss": 1, ${fields}}`], ['loss']).readings).toMatchObject([{ step }]);
  });

  it('passes over lines that are not JSON, and says so once with their number', () => {
    const lines = ['Starting …', '{"loss": 1}', '', '{"loss": ', '{"loss": 2}'];
    const { readings, report } = parse(lines, ['loss']);
    expect(readings.map(({ value }) => value)).toEqual([1, 2]);
    expect(report.problems).toEqual(['not a JSON object on one line (2 times): "Starting …"']);
    expect(report).toMatchObject({ read: 5, found: { loss: 2 } });
  });

  it('reports other names with numbers, and what was no number', () => {
    const line = '{"loss": null, "val": {"loss": 1, "name": "x"}, "acc": "0.5", "list": [1]}';
    const { report } = parse([line, line], ['loss', 'val/loss']);
    expect(report.otherNames).toEqual({ acc: 2 });
    expect(report.notNumbers).toEqual({ loss: 'null' });
  });

  it('never throws, whatever the line', () => {
    const token = fc.constantFrom('{', '}', '"', ':', ',', 'NaN', '-Infinity', '\\', 'loss', '1', '[', ']');
    const line = fc.oneof(
      fc.string(),
      fc.array(token).map((parts) => `{${parts.join('')}`),
      fc.json(),
      fc.dictionary(fc.string(), fc.json()).map((object) => JSON.stringify(object)),
    );
    fc.assert(
      fc.property(fc.array(line.map((text) => text.replaceAll(/[\r\n]/g, ' '))), (lines) => {
        expect(parse(lines, ['loss', '', '.', 'a.b/c']).report.read).toBe(lines.length);
      }),
    );
  });

  it.each(['"', '"\\', '{"a":', 'NaN"', '['])('takes no quadratic time for many %j', (fragment) => {
    const line = `{NaN${fragment.repeat(65_000 / fragment.length)}`;
    const lines = Array.from({ length: 20 }, () => line);
    expect(parse(lines, ['loss']).report.read).toBe(20);
  });
});
