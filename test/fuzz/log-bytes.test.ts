import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCollectionTally } from '../../metrics-collector/collection-tally.ts';
import { createJsonParser } from '../../metrics-collector/json-parser.ts';
import { lineReadings } from '../../metrics-collector/line-readings.ts';
import type { LineParser, MetricReading } from '../../metrics-collector/metric-reading.ts';
import { createTextParser } from '../../metrics-collector/text-parser.ts';
import { MalformedMessage } from '../../core/protobuf.ts';
import { readEvent } from '../../metrics-collector/tf-event/event.ts';
import { createRecordReader } from '../../metrics-collector/tf-event/record-reader.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60) * 5;
const METRICS = ['loss', 'val/acc', 'a.b', '$&', '('];

/** Pieces of real logs between arbitrary bytes: noise alone never looks like a metric. */
const piece = fc.oneof(
  fc
    .constantFrom(
      'loss=0.5',
      'loss = -1e400',
      'val/acc: nan',
      '{"loss": 1e999, "a": {"b": "inf"}}',
      '{"loss":',
      '(=1 $&=2',
      '2026-13-45T99:99:99Z loss=1',
      'epoch 99999999999999999999 loss=1',
      'loss=1e5e5e5..--++',
      '\u001b[31;1mloss\u001b[0m=0.1',
      '\u001b[999999999999999999m',
      '\r',
      '\n',
      '\r\n',
      '\u0000',
      '\ufeff',
      'x'.repeat(70_000),
      '['.repeat(5_000),
      '{"a":'.repeat(5_000),
    )
    .map((text) => new TextEncoder().encode(text)),
  fc.uint8Array({ maxLength: 40 }),
);
const bytes = fc.array(piece, { maxLength: 20 }).map((pieces) => new Uint8Array(Buffer.concat(pieces)));

const HOSTILE_FILTERS = [
  '(a+)+$',
  '((((((x*)*)*)*)*)*)',
  '(.*)(.*)(.*)(.*)=(.*)',
  '([\\w|-]+)\\s*=\\s*([+-]?\\d*)',
  '(\\w+):(\\S+)',
  '(?<name>.)(?<value>.)',
  '()()',
  '(',
  '\\',
  '(\\d{1000})(\\d{1000})',
  '(?!x)(y)',
];
const filter = fc.oneof(fc.constantFrom(...HOSTILE_FILTERS), fc.string({ maxLength: 30 }));

type Format = (tally: ReturnType<typeof createCollectionTally>) => LineParser;

async function collect(chunks: readonly Uint8Array[], format: Format): Promise<MetricReading[]> {
  const tally = createCollectionTally(METRICS);
  async function* arrive(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }
  const readings = await Array.fromAsync(lineReadings(arrive(), format(tally), tally));
  expect(JSON.stringify(tally.report()).length).toBeLessThan(100_000);
  return readings.flat();
}

function halves(log: Uint8Array, cut: number): Uint8Array[] {
  return [log.subarray(0, cut % (log.length + 1)), log.subarray(cut % (log.length + 1))];
}

describe('a log of arbitrary bytes', { timeout: 120_000 }, () => {
  const formats: [string, Format][] = [
    ['text', (tally) => createTextParser({ metrics: METRICS, filters: [], tally })],
    ['JSON', (tally) => createJsonParser({ metrics: METRICS, tally })],
  ];

  it.each(formats)(
    'read as %s gives metrics that were asked for, and the same in any chunks',
    async (_, format) => {
      await fc.assert(
        fc.asyncProperty(bytes, fc.nat(), async (log, cut) => {
          const readings = await collect([log], format);
          for (const { metric } of readings) expect(METRICS).toContain(metric);
          expect(await collect(halves(log, cut), format)).toEqual(readings);
        }),
        { numRuns: RUNS },
      );
    },
  );

  it('is read with any filter: one that cannot be used is a problem of the report', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(filter, { minLength: 1, maxLength: 3 }), async (log, filters) => {
        const readings = await collect([log], (tally) =>
          createTextParser({ metrics: METRICS, filters, tally }),
        );
        for (const { metric } of readings) expect(METRICS).toContain(metric);
      }),
      { numRuns: RUNS },
    );
  });

  it('read as TensorFlow events is refused record by record', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (log, cut) => {
        const reader = createRecordReader(() => undefined);
        for (const chunk of halves(log, cut)) for (const record of reader.push(chunk)) readAsEvent(record);
      }),
      { numRuns: RUNS },
    );
  });

  it('taken for a TensorFlow event is malformed or an event', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readAsEvent), { numRuns: RUNS * 10 });
  });
});

function readAsEvent(message: Uint8Array): void {
  try {
    readEvent(message);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedMessage);
  }
}
