import { didYouMean } from '../../core/did-you-mean.ts';
import type { Objective } from '../../core/experiment.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Assignments } from '../../core/search-space.ts';
import { type Outcome, readOutcome } from './outcome.ts';
import { invalid, shown } from './refusal.ts';

/** What a program asks for on one line. */
export type AskTellMessage =
  | { op: 'ask'; count: number }
  /** The outcome of a suggested trial. */
  | { op: 'tell'; name: string; outcome: Outcome }
  /** The outcome of a point of the program's own. */
  | { op: 'tell'; parameters: Assignments; outcome: Outcome };

const FIELDS = {
  ask: ['op', 'count'],
  tell: ['op', 'name', 'parameters', 'value', 'values', 'curve', 'status'],
} as const;
const OPS = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

/** More suggestions than this at once are taken for a mistake. */
const MOST_SUGGESTIONS = 10_000;

/** The message on a line. KatydidError `ASK_TELL_…` that names what is wrong. */
export function parseMessage(line: string, objective: Objective): AskTellMessage {
  const fields = parseObject(line);
  const op = OPS.find((known) => known === fields['op']);
  if (op === undefined) {
    const remedy =
      typeof fields['op'] === 'string' ? didYouMean(fields['op'], OPS) : `Write "op": "ask" or "tell".`;
    throw invalid('ASK_TELL_UNKNOWN_OP', `op is ${shown(fields['op'])}.`, remedy);
  }
  for (const field of Object.keys(fields)) {
    if ((FIELDS[op] as readonly string[]).includes(field)) continue;
    throw invalid(
      'ASK_TELL_UNKNOWN_FIELD',
      `${op} has no field ${shown(field)}.`,
      didYouMean(field, FIELDS[op]),
    );
  }
  return op === 'ask' ? { op, count: readCount(fields['count']) } : readTell(fields, objective);
}

function parseObject(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const remedy = /\b(NaN|Infinity)\b/.test(line)
      ? 'JSON has no NaN and no Infinity: write "NaN", "Infinity" or "-Infinity" in quotes.'
      : 'Write one JSON object per line.';
    throw invalid('ASK_TELL_INVALID_JSON', 'The line is not JSON.', remedy);
  }
  if (isJsonObject(value)) return value;
  throw invalid('ASK_TELL_INVALID_JSON', `The line is not a JSON object.`, 'Write for example {"op":"ask"}.');
}

function readCount(count: unknown): number {
  if (count === undefined) return 1;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MOST_SUGGESTIONS)
    return count;
  const remedy = `Write a whole number from 1 to ${MOST_SUGGESTIONS}, or leave it out for one suggestion.`;
  throw invalid('ASK_TELL_INVALID_COUNT', `count is ${shown(count)}.`, remedy);
}

function readTell(fields: JsonObject, objective: Objective): AskTellMessage {
  const { name, parameters } = fields;
  if ((name === undefined) === (parameters === undefined)) {
    const what = name === undefined ? 'neither name nor parameters' : 'both name and parameters';
    const remedy = 'Give the name of a suggestion, or the parameters of a point of your own.';
    throw invalid('ASK_TELL_INVALID_MESSAGE', `tell has ${what}.`, remedy);
  }
  if (parameters !== undefined) {
    return { op: 'tell', parameters: readParameters(parameters), outcome: readOutcome(fields, objective) };
  }
  if (typeof name === 'string') return { op: 'tell', name, outcome: readOutcome(fields, objective) };
  throw invalid('ASK_TELL_INVALID_MESSAGE', `name is ${shown(name)}.`, 'Write a name such as "t-1".');
}

function readParameters(parameters: unknown): Assignments {
  if (!isJsonObject(parameters)) {
    const remedy = 'Write an object such as {"lr":0.01}.';
    throw invalid('PARAMETER_INVALID', `parameters is ${shown(parameters)}.`, remedy);
  }
  return Object.entries(parameters).map(([name, value]) => {
    if (typeof value === 'string' || typeof value === 'number') return { name, value: String(value) };
    throw invalid('PARAMETER_INVALID', `Parameter ${name} is ${shown(value)}.`, 'Write a number or a text.');
  });
}
