import { didYouMean } from '../../core/did-you-mean.ts';
import type { KatydidError } from '../../core/errors.ts';
import type { Objective } from '../../core/experiment.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { isMetricNumber, parseMetricValue } from '../../core/metric-value.ts';
import { objectiveStrategy } from '../../core/objective.ts';
import { invalid, shown } from './refusal.ts';

/** What became of a trial. `value` is the objective; NaN where there is none. */
export interface Outcome {
  state: 'succeeded' | 'failed' | 'earlyStopped';
  value: number;
}

const STATES = { Succeeded: 'succeeded', Failed: 'failed', EarlyStopped: 'earlyStopped' } as const;
const VALUE_FIELDS = ['value', 'values', 'curve'] as const;

/**
 * The outcome that a `tell` carries in `value`, `values` or `curve`, and in `status`. A training that came to NaN or
 * an infinity has failed, as far as a search can learn from it. KatydidError `ASK_TELL_INVALID_VALUE`.
 */
export function readOutcome(fields: JsonObject, objective: Objective): Outcome {
  const status = readStatus(fields['status']);
  const given = VALUE_FIELDS.filter((field) => fields[field] !== undefined);
  const [field] = given;
  if (given.length > 1) throw badValue(`tell has ${given.join(' and ')}.`, 'Give one of them.');
  if (field === undefined) {
    if (status === 'failed') return { state: 'failed', value: Number.NaN };
    throw badValue('tell has no value.', 'Add "value", "values" or "curve", or "status":"Failed".');
  }
  const value = readValue(field, fields[field], objective);
  if (status === 'failed' || !Number.isFinite(value)) return { state: 'failed', value: Number.NaN };
  return { state: status, value };
}

function readStatus(status: unknown): Outcome['state'] {
  if (status === undefined) return 'succeeded';
  for (const [name, state] of Object.entries(STATES)) if (name === status) return state;
  const names = Object.keys(STATES);
  const remedy = typeof status === 'string' ? didYouMean(status, names) : `Write one of ${names.join(', ')}.`;
  throw invalid('ASK_TELL_INVALID_STATUS', `status is ${shown(status)}.`, remedy);
}

function readValue(field: (typeof VALUE_FIELDS)[number], value: unknown, objective: Objective): number {
  switch (field) {
    case 'value':
      return readNumber('value', value);
    case 'values':
      return readMetric(value, objective.objectiveMetricName);
    case 'curve':
      return readCurve(value, objective);
  }
}

function readMetric(values: unknown, metric: string): number {
  if (!isJsonObject(values)) throw badValue(`values is ${shown(values)}.`, `Write {"${metric}": a number}.`);
  if (Object.hasOwn(values, metric)) return readNumber(`values.${metric}`, values[metric]);
  const near = didYouMean(metric, Object.keys(values));
  throw badValue(`values has no ${shown(metric)}, the objective.`, near.startsWith('Did') ? near : 'Add it.');
}

/** The value that stands for the curve, by the objective's strategy. NaN on the way does not count. */
function readCurve(curve: unknown, objective: Objective): number {
  if (!Array.isArray(curve) || curve.length === 0) {
    throw badValue(`curve is ${shown(curve)}.`, 'Write a list of [step, value] pairs.');
  }
  const values = curve.map((pair: unknown, index) => readPair(pair, index));
  const strategy = objectiveStrategy(objective);
  if (strategy === 'latest') return values.at(-1) ?? Number.NaN;
  const numbers = values.filter((value) => !Number.isNaN(value));
  if (numbers.length === 0) return Number.NaN;
  return numbers.reduce((best, value) => Math[strategy](best, value));
}

function readPair(pair: unknown, index: number): number {
  const [step, value, ...rest] = Array.isArray(pair) ? (pair as unknown[]) : [];
  if (typeof step !== 'number' || !Number.isFinite(step) || rest.length > 0) {
    throw badValue(
      `curve[${index}] is ${shown(pair)}.`,
      'Write a pair [step, value] with a number as the step.',
    );
  }
  return readNumber(`curve[${index}][1]`, value);
}

function readNumber(field: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && isMetricNumber(value)) return parseMetricValue(value);
  throw badValue(
    `${field} is ${shown(value)}.`,
    'Write a number, or "NaN", "Infinity", "-Infinity" in quotes.',
  );
}

function badValue(message: string, remedy: string): KatydidError {
  return invalid('ASK_TELL_INVALID_VALUE', message, remedy);
}
