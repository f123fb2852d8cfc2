import { comparison } from './comparison.ts';
import type { FieldTable } from './field-table.ts';
import { takeField } from './find-field.ts';
import { Scanner } from './scanner.ts';

/*
 * A subset of Google's AIP-160:
 *
 *   filter     = [ sequence ]
 *   sequence   = term { "AND" term } | term { "OR" term }
 *   term       = [ "NOT" ] ( comparison | "(" sequence ")" )
 *   comparison = field operator value
 *   operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":"
 *
 * AIP-160 lets OR bind closer than AND, and every other language the other way round: side by side without parentheses
 * they are refused, so that nobody is misunderstood.
 */

/** Whether an object is wanted. */
export type Filter<T> = (object: T) => boolean;

const MAX_COMPARISONS = 50;
const MAX_DEPTH = 20;

/** A blank text wants all objects. @throws QueryError with the place of the first mistake. */
export function parseFilter<T>(text: string, fields: FieldTable<T>): Filter<T> {
  const scanner = new Scanner(text, 'filter');
  if (scanner.isAtEnd()) return () => true;
  return new FilterParser(scanner, fields).parse();
}

class FilterParser<T> {
  readonly #scanner: Scanner;
  readonly #fields: FieldTable<T>;
  #comparisons = 0;
  #depth = 0;

  constructor(scanner: Scanner, fields: FieldTable<T>) {
    this.#scanner = scanner;
    this.#fields = fields;
  }

  parse(): Filter<T> {
    const filter = this.#sequence();
    if (!this.#scanner.isAtEnd()) throw this.#unexpected('AND, OR or the end');
    return filter;
  }

  #sequence(): Filter<T> {
    const terms = [this.#term()];
    let joint: 'AND' | 'OR' | undefined;
    for (;;) {
      const { column } = this.#scanner;
      const next = this.#scanner.takeKeyword('AND', 'OR');
      if (next === undefined) break;
      if (joint !== undefined && next !== joint) throw this.#ambiguous(column);
      joint = next;
      terms.push(this.#term());
    }
    const [only] = terms;
    if (only && terms.length === 1) return only;
    return joint === 'OR'
      ? (object) => terms.some((term) => term(object))
      : (object) => terms.every((term) => term(object));
  }

  #term(): Filter<T> {
    if (this.#depth === MAX_DEPTH)
      throw this.#tooLarge(`parentheses and NOT stand more than ${MAX_DEPTH} deep.`);
    this.#depth++;
    const term = this.#negationOrGroup() ?? this.#comparison();
    this.#depth--;
    return term;
  }

  #negationOrGroup(): Filter<T> | undefined {
    if (this.#scanner.takeKeyword('NOT')) {
      const negated = this.#term();
      return (object) => !negated(object);
    }
    if (!this.#scanner.takeCharacter('(')) return undefined;
    const group = this.#sequence();
    if (!this.#scanner.takeCharacter(')')) throw this.#unexpected('AND, OR or ")"');
    return group;
  }

  #comparison(): Filter<T> {
    if (++this.#comparisons > MAX_COMPARISONS)
      throw this.#tooLarge(`there are more than ${MAX_COMPARISONS} comparisons.`);
    const field = takeField(this.#scanner, this.#fields);
    const operator = this.#scanner.takeOperator();
    if (!operator) throw this.#unexpected('one of =, !=, <, <=, >, >= and :');
    const { column } = this.#scanner;
    const word = this.#scanner.takeValue();
    if (!word) throw this.#unexpected('a value');
    const built = comparison(field, operator, word);
    if (typeof built === 'function') return built;
    throw this.#scanner.error('QUERY_VALUE_INVALID', built.message, built.remedy, column);
  }

  #unexpected(expected: string): Error {
    const message = `${this.#scanner.describeNext()} where ${expected} is expected.`;
    const remedy = 'Write comparisons such as: status = "Succeeded" AND objective < 0.3';
    return this.#scanner.error('QUERY_SYNTAX', message, remedy);
  }

  #ambiguous(column: number): Error {
    const remedy = 'Put parentheses around what belongs together: a = 1 AND (b = 2 OR c = 3).';
    return this.#scanner.error('QUERY_SYNTAX', 'AND and OR stand side by side.', remedy, column);
  }

  #tooLarge(message: string): Error {
    return this.#scanner.error('QUERY_TOO_LARGE', message, 'Split the filter.');
  }
}
