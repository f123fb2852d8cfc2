import { isMetricNumber, parseMetricValue } from '../../core/metric-value.ts';
import { readSeries, type Series } from './series.ts';
import { TextScanner } from './text-scanner.ts';

/** One value that a process exposes. */
export interface Sample extends Series {
  value: number;
  /** When the process says the value was taken, in milliseconds since the epoch; null where it does not say. */
  timeMs: number | null;
}

export interface Exposition {
  /** In the order of the text. */
  samples: Sample[];
  /** Lines that are no samples though they should be, as they stand. */
  malformed: string[];
}

/** In the text format times are milliseconds, in OpenMetrics seconds. */
export type ExpositionFormat = 'text' | 'openmetrics';

const MS_PER_UNIT: Record<ExpositionFormat, number> = { text: 1, openmetrics: 1_000 };

/** The word of a value or of a time. */
const WORD = /[^\s#]+/y;

/**
 * Reads Prometheus' text format, or OpenMetrics. Comments, HELP and TYPE are passed over, as are exemplars; a line that
 * cannot be read costs that line alone. Never throws; takes time in proportion to the text.
 */
export function parseExposition(text: string, format: ExpositionFormat): Exposition {
  const samples: Sample[] = [];
  const malformed: string[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const sample = readSample(line, format);
    if (sample) samples.push(sample);
    else malformed.push(line);
  }
  return { samples, malformed };
}

function readSample(line: string, format: ExpositionFormat): Sample | null {
  const scanner = new TextScanner(line);
  const series = readSeries(scanner);
  if (!series) return null;
  // After a closing brace the value may follow at once; after a name it cannot: `loss-1` is no sample.
  scanner.skipBlanks();
  if (!/[}\s]/.test(scanner.previous)) return null;
  const value = scanner.match(WORD);
  if (value === null || !isMetricNumber(value)) return null;
  scanner.skipBlanks();
  const time = scanner.match(WORD);
  scanner.skipBlanks();
  if (!scanner.isAtEnd && !scanner.take('#')) return null;
  const timeMs = time === null ? null : readTime(time, format);
  return timeMs === undefined ? null : { ...series, value: parseMetricValue(value), timeMs };
}

/** Undefined where the word is no time. */
function readTime(word: string, format: ExpositionFormat): number | undefined {
  const timeMs = Math.round(parseMetricValue(word) * MS_PER_UNIT[format]);
  return Number.isSafeInteger(timeMs) ? timeMs : undefined;
}
