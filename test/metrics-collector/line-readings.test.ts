import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCollectionTally } from '../../metrics-collector/collection-tally.ts';
import { createJsonParser } from '../../metrics-collector/json-parser.ts';
import { lineReadings } from '../../metrics-collector/line-readings.ts';
import { createTextParser } from '../../metrics-collector/text-parser.ts';

const metrics = ['loss', 'val/acc'];

/** Everything that comes out of a log which arrives in these chunks. */
async function collect(chunks: Uint8Array[], format: 'TEXT' | 'JSON'): Promise<unknown> {
  const tally = createCollectionTally(metrics);
  const parser =
    format === 'JSON'
      ? createJsonParser({ metrics, tally })
      : createTextParser({ metrics, filters: [], tally });
  async function* arrive(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }
  const readings = await Array.fromAsync(lineReadings(arrive(), parser, tally));
  return { readings: readings.flat(), report: tally.report() };
}

describe('lineReadings', () => {
  it.each(['TEXT', 'JSON'] as const)('find the same in %s however it arrives in chunks', async (format) => {
    const part = fc.constantFrom(
      'loss=0.5 ',
      '\u001b[1mval/acc\u001b[0m: nan',
      '{"loss": 1, "val": {"acc": "0.5"}}',
      '2026-01-01T00:00:00Z ',
      'Epoch 3/10 ',
      'übung=1',
      '\n',
      '\r',
      '\r\n',
    );
    const log = fc.array(part, { maxLength: 30 }).map((parts) => new TextEncoder().encode(parts.join('')));
    await fc.assert(
      fc.asyncProperty(log, fc.array(fc.nat({ max: 300 })), async (whole, cuts) => {
        const edges = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b)];
        const chunks = edges.map((edge, at) => whole.subarray(edge, edges[at + 1]));
        expect(await collect(chunks, format)).toEqual(await collect([whole], format));
      }),
    );
  });
});
