import { isMetricNumber, parseMetricValue } from '../core/metric-value.ts';

/** A metric's value as found in a log, before its place in the stream is known. */
export interface MetricReading {
  metric: string;
  /** NaN where `text` is given. */
  value: number;
  /** What was written, where it is not a number. */
  text?: string;
  /** The training's own step or epoch; null where it did not say. */
  step: number | null;
  /** When the training says it was, in milliseconds since the epoch; null where it did not say. */
  timeMs: number | null;
}

/** One `name = value` of a line, whoever asked for it. */
export interface FoundValue {
  name: string;
  /** Null where `text`, which stands in its place, is no value. */
  number: number | null;
  text: string;
  /** The text itself is the value, and `number` is NaN. */
  isText?: true;
}

/** Reads one line after the other; keeps only a constant amount of what it has seen. Never throws. */
export interface LineParser {
  /** What is found in a block of whole lines, in order. The last line may have no line end. */
  parse(block: string): MetricReading[];
}

/** A value as it was written, before anything around it is known. */
export type ReadValue = Pick<MetricReading, 'value' | 'text'>;

/** A number where `text` spells one, else the text itself. */
export function readText(text: string): ReadValue {
  return isMetricNumber(text) ? { value: parseMetricValue(text) } : { value: NaN, text };
}
