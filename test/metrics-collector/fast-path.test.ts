import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCollectionTally } from '../../metrics-collector/collection-tally.ts';
import { createLineSplitter } from '../../metrics-collector/line-splitter.ts';
import { createTextParser } from '../../metrics-collector/text-parser.ts';
import { plainReadings, type PlainReading } from './plain-text-parser.ts';

const METRICS = ['loss', 'val/loss', 'val loss', 'a.b', 'f1@(10)', 'Übung', 'epoch', '🙂'];

function fastReadings(log: string, chunkBytes: number): PlainReading[] {
  const parser = createTextParser({ metrics: METRICS, filters: [], tally: createCollectionTally(METRICS) });
  const splitter = createLineSplitter();
  const bytes = Buffer.from(log);
  const readings: PlainReading[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    readings.push(...parser.parse(splitter.push(bytes.subarray(at, at + chunkBytes))));
  }
  return [...readings, ...parser.parse(splitter.end())];
}

const word = fc.constantFrom(
  ...METRICS,
  ...[
    'step',
    'Epoch 3',
    'EPOCH=4/10',
    'eP0ch',
    'global_step=',
    'global step: 7',
    'steps',
    '[12]\t',
    '.step 3',
  ],
  ...['=', ': ', ' = ', '": ', "']=", ':', '==', ' ', '.', '-', '/', '_', 'x', 'ü', 'é.', '𝔸', ',', '|'],
  ...[
    '0.5',
    '-1e-05',
    '+3',
    '5.',
    '.98',
    '1,234.5',
    '1,23',
    '12,',
    'nan',
    '-Infinity',
    'info',
    '7e',
    '8e+',
    '1e5e',
  ],
  ...['tensor(0.5)', 'np.float64(1', 'Tensor(', '"0.5"', '2026-01-01T00:00:00Z ', '2026-13-01T00:00:00Z '],
  ...['\u001b[1m', '\u001b[0m', '\u001b', '\b', '\u009b', '\n', '\n', '\r', '\r\n', '█▌', '\ufeff'],
);
const anyLog = fc.array(fc.oneof(word, word, word, fc.string({ unit: 'binary', maxLength: 3 })), {
  maxLength: 60,
});

describe('the way in which logs are read fast', () => {
  it('finds what the plain way finds', () => {
    fc.assert(
      fc.property(anyLog, fc.integer({ min: 1, max: 50 }), (parts, chunkBytes) => {
        // A byte order mark at the very beginning is not part of the log.
        const log = `x${parts.join('')}`.toWellFormed();
        expect(fastReadings(log, chunkBytes)).toEqual(plainReadings(log, METRICS));
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds the same in a log of thousands of lines, most of which say nothing', () => {
    const lines = Array.from({ length: 30_000 }, (_, at) => {
      if (at % 997 === 0) return `Epoch ${at / 997}/30`;
      if (at % 101 === 0) return `2026-01-01T00:00:${10 + (at % 50)}Z val/loss=${at / 7} loss: ${at}\r`;
      if (at % 103 === 0) return `\u001b[1mloss\u001b[0m=${at} step ${at}`;
      return at % 5 === 0 ? 'a step took 12 ms of work' : 'INFO loading batch';
    });
    const log = lines.join('\n');
    const readings = plainReadings(log, METRICS);
    expect(readings.length).toBeGreaterThan(500);
    expect(fastReadings(log, 65_536)).toEqual(readings);
    expect(fastReadings(log, 1_000)).toEqual(readings);
  });
});
