import { didYouMean } from '../../core/did-you-mean.ts';
import { isMetricNumber, parseMetricValue } from '../../core/metric-value.ts';
import { parseTime } from '../../core/time.ts';
import type { Field, FieldValue } from './field-table.ts';
import type { Operator, Word } from './scanner.ts';
import { compareText } from './text-order.ts';

/** What is wrong with a comparison, before its place is known. */
export interface ComparisonProblem {
  readonly message: string;
  readonly remedy: string;
}

type Test = (value: number | string) => boolean;
type OrderOperator = Exclude<Operator, ':' | '!='>;

const RFC_3339 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/i;

/** Holds for objects whose field compares so with the value. Those without a value match `!=` and nothing else. */
export function comparison<T>(
  field: Field<T>,
  operator: Operator,
  word: Word,
): ((object: T) => boolean) | ComparisonProblem {
  if (operator === ':' && word.text === '*' && !word.isQuoted) return (object) => field.read(object) !== null;
  const test = testFor(field, operator === '!=' ? '=' : operator, word);
  if (typeof test !== 'function') return test;
  const holds = (value: FieldValue): boolean => value !== null && test(value);
  return operator === '!=' ? (object) => !holds(field.read(object)) : (object) => holds(field.read(object));
}

function testFor<T>(field: Field<T>, operator: OrderOperator | ':', word: Word): Test | ComparisonProblem {
  if (operator === ':') return containsTest(field, word);
  const { kind } = field;
  switch (kind.type) {
    case 'text':
      return textTest(operator, word.text);
    case 'number':
      return numberTest(field.name, operator, word);
    case 'time':
      return timeTest(field.name, operator, word);
    case 'choice':
      return choiceTest(field.name, kind.choices, operator, word);
    case 'mixed':
      return mixedTest(operator, word);
  }
}

function containsTest<T>({ name, kind }: Field<T>, word: Word): Test | ComparisonProblem {
  if (kind.type === 'number' || kind.type === 'time') {
    return {
      message: `"${name}" is a ${kind.type}, and ":" looks for a part of a text.`,
      remedy: `Use =, !=, <, <=, > or >=, or write ${name}:* for those that have one.`,
    };
  }
  const part = word.text.toLowerCase();
  return (value) => String(value).toLowerCase().includes(part);
}

function textTest(operator: OrderOperator, text: string): Test {
  const holds = orderTest(operator);
  return (value) => holds(compareText(String(value), text));
}

function numberTest(name: string, operator: OrderOperator, { text }: Word): Test | ComparisonProblem {
  if (!isMetricNumber(text)) {
    return {
      message: `"${name}" is a number, and "${text}" is none.`,
      remedy: 'Write one, for example 1e-3.',
    };
  }
  const wanted = parseMetricValue(text);
  const holds = orderTest(operator);
  return (value) => typeof value === 'number' && holds(compareNumbers(value, wanted));
}

function timeTest(name: string, operator: OrderOperator, { text }: Word): Test | ComparisonProblem {
  const wanted = RFC_3339.test(text) ? parseTime(text) : NaN;
  if (Number.isNaN(wanted)) {
    return {
      message: `"${name}" is a time, and "${text}" is none.`,
      remedy: 'Write it as "2026-10-01T00:00:00Z" or "2026-10-01".',
    };
  }
  const holds = orderTest(operator);
  return (value) => holds(compareNumbers(Number(value), wanted));
}

function choiceTest(
  name: string,
  choices: readonly string[],
  operator: OrderOperator,
  { text }: Word,
): Test | ComparisonProblem {
  const wanted = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
  if (wanted === undefined) {
    return { message: `"${name}" is never "${text}".`, remedy: didYouMean(text, choices) };
  }
  if (operator !== '=') {
    return { message: `the values of "${name}" have no order.`, remedy: 'Use = or !=.' };
  }
  return (value) => value === wanted;
}

/** A number is compared with numbers, and any text with texts. */
function mixedTest(operator: OrderOperator, { text }: Word): Test {
  const holds = orderTest(operator);
  const wanted = isMetricNumber(text) ? parseMetricValue(text) : null;
  return (value) => {
    if (typeof value === 'string')
      return (wanted === null || operator === '=') && holds(compareText(value, text));
    return wanted !== null && holds(compareNumbers(value, wanted));
  };
}

function orderTest(operator: OrderOperator): (order: number) => boolean {
  switch (operator) {
    case '=':
      return (order) => order === 0;
    case '<':
      return (order) => order < 0;
    case '<=':
      return (order) => order <= 0;
    case '>':
      return (order) => order > 0;
    case '>=':
      return (order) => order >= 0;
  }
}

/** NaN, with which no test holds, where one of them is NaN; but NaN equals NaN. */
function compareNumbers(left: number, right: number): number {
  if (Number.isNaN(left) && Number.isNaN(right)) return 0;
  return left === right ? 0 : left < right ? -1 : left > right ? 1 : NaN;
}
