import { stripTerminalCodes } from '../../metrics-collector/terminal-codes.ts';

/*
 * What the default filter means, in one expression for each question, line by line and without any thought of speed:
 * the collector must find the same.
 */

const NAME_START = String.raw`(?<![\p{L}\p{N}_\-/]|[\p{L}\p{N}_]\.)`;
const SEPARATOR = String.raw`["'\u0060]?\]?\s*[=:]\s*`;
const WRAPPER = String.raw`(?:(?:[A-Za-z]\w{0,20}\.){0,3}(?:[Tt]ensor|[Aa]rray|DeviceArray|float\d*|double|int\d*|Decimal|scalar)\(\s*)?["']?`;
const NUMBER = String.raw`([+-]?(?:(?:nan|inf(?:inity)?)(?!\w)|(?:[1-9]\d{0,2}(?:,\d{3})+(?!,?\d)|\d+(?!\d|,\d))(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?))`;
const STEP =
  /(?<![\p{L}\p{N}_\-/.])(global[_ ]step|step|epoch)["']?\s*[:=]?\s*[[#(]?\s*(\d{1,15}(?:\.\d{1,9})?)/giu;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})(?= )/;

export interface PlainReading {
  metric: string;
  value: number;
  step: number | null;
  timeMs: number | null;
}

/** Every value of the metrics in a log, in order. */
export function plainReadings(log: string, metrics: readonly string[]): PlainReading[] {
  const lines = log.split(/\r\n|\r|\n/).map(stripTerminalCodes);
  let epoch: number | null = null;
  return lines.flatMap((line) => {
    const steps = stepsIn(line);
    epoch = steps.get('epoch') ?? epoch;
    const round = /^\[(\d{1,15})\]\s/.exec(line)?.[1];
    const own =
      steps.get('global_step') ?? steps.get('step') ?? steps.get('epoch') ?? (round && Number(round));
    return valuesIn(line, metrics).map(([metric, value]) => ({
      metric,
      value,
      step: own === undefined || own === '' ? epoch : own,
      timeMs: timeOf(line),
    }));
  });
}

function stepsIn(line: string): Map<string, number> {
  const steps = new Map<string, number>();
  for (const [, name = '', digits] of line.matchAll(STEP)) {
    const key = name.toLowerCase().replace(' ', '_');
    if (!steps.has(key)) steps.set(key, Number(digits));
  }
  return steps;
}

function valuesIn(line: string, metrics: readonly string[]): [string, number][] {
  const names = metrics
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(/[().]/g, String.raw`\$&`));
  const name = new RegExp(`${NAME_START}(${names.join('|')})${SEPARATOR}`, 'gu');
  return [...line.matchAll(name)].flatMap((match): [string, number][] => {
    const value = new RegExp(WRAPPER + NUMBER, 'iuy');
    value.lastIndex = match.index + match[0].length;
    const digits = value.exec(line)?.[1]?.replaceAll(',', '').toLowerCase();
    return digits === undefined ? [] : [[match[1] ?? '', toNumber(digits)]];
  });
}

function toNumber(digits: string): number {
  if (digits.includes('nan')) return NaN;
  if (digits.includes('inf')) return digits.startsWith('-') ? -Infinity : Infinity;
  return Number(digits);
}

function timeOf(line: string): number | null {
  const time = TIME.exec(line)?.[0];
  const ms = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(ms) ? null : ms;
}
