import { QueryError, type QueryErrorCode, type QueryParameter } from './query-error.ts';

const MAX_LENGTH = 4_000;
const BLANK = /\s*/y;
/** A name or a bare value; a value may hold colons, as times do. */
const NAME = /[^\s()"'<>=!:,]+/y;
const VALUE = /[^\s()"'<>=!,]+/y;
const OPERATOR = /<=|>=|!=|[=<>:]/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/sy;

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':';

/** Text and where it began. */
export interface Word {
  readonly text: string;
  /** From 1. */
  readonly column: number;
  readonly isQuoted: boolean;
}

/** The name of a field, taken apart at dots outside of quotes. */
export interface FieldName {
  readonly segments: readonly string[];
  readonly column: number;
}

/** Reads a filter or an order from left to right. All methods skip blanks first. */
export class Scanner {
  readonly #text: string;
  readonly #parameter: QueryParameter;
  #at = 0;

  /** @throws QueryError QUERY_TOO_LARGE */
  constructor(text: string, parameter: QueryParameter) {
    this.#text = text;
    this.#parameter = parameter;
    if (text.length <= MAX_LENGTH) return;
    const message = `the text has ${text.length} characters, and at most ${MAX_LENGTH} are read.`;
    throw this.error('QUERY_TOO_LARGE', message, 'Shorten it.', MAX_LENGTH + 1);
  }

  /** Of what comes next, from 1. */
  get column(): number {
    this.#match(BLANK);
    return this.#at + 1;
  }

  isAtEnd(): boolean {
    return this.column > this.#text.length;
  }

  /** Takes the character if it comes next. */
  takeCharacter(character: string): boolean {
    if (this.#text[this.column - 1] !== character) return false;
    this.#at++;
    return true;
  }

  /** Takes one of the words if it comes next, in any case; gives it in capitals. */
  takeKeyword<K extends string>(...keywords: K[]): K | undefined {
    const before = this.column - 1;
    const word = this.#match(NAME)?.[0].toUpperCase();
    const found = keywords.find((keyword) => keyword === word);
    if (found === undefined) this.#at = before;
    return found;
  }

  takeOperator(): Operator | undefined {
    this.#match(BLANK);
    return this.#match(OPERATOR)?.[0] as Operator | undefined;
  }

  /** A name such as `objective`, `params.lr` or `params."my rate"`; undefined where none comes. */
  takeFieldName(): FieldName | undefined {
    const { column } = this;
    const segments = this.#takeSegment();
    if (segments === undefined) return undefined;
    while (this.#text[this.#at] === '.') {
      this.#at++;
      segments.push(...(this.#takeSegment() ?? ['']));
    }
    return { segments, column };
  }

  /** A bare or quoted value; undefined where none comes. */
  takeValue(): Word | undefined {
    const { column } = this;
    const quoted = this.#takeQuoted();
    if (quoted !== undefined) return { text: quoted, column, isQuoted: true };
    const bare = this.#match(VALUE)?.[0];
    return bare === undefined ? undefined : { text: bare, column, isQuoted: false };
  }

  error(code: QueryErrorCode, message: string, remedy: string, column = this.column): QueryError {
    return new QueryError({ code, parameter: this.#parameter, column, message, remedy });
  }

  /** What comes next, for messages. */
  describeNext(): string {
    if (this.isAtEnd()) return 'the text ends';
    const rest = this.#text.slice(this.#at);
    const shown = /^(?:[^\s()<>=!:,"']+|[<>!]=|.)/su.exec(rest)?.[0] ?? '';
    return `${JSON.stringify(shown.slice(0, 40))} stands`;
  }

  /** Bare text is taken apart at its dots; a dot at its end is left for what follows. */
  #takeSegment(): string[] | undefined {
    const quoted = this.#takeQuoted();
    if (quoted !== undefined) return [quoted];
    const bare = this.#match(NAME)?.[0];
    if (bare === undefined) return undefined;
    if (!bare.endsWith('.')) return bare.split('.');
    this.#at--;
    return bare.slice(0, -1).split('.');
  }

  #takeQuoted(): string | undefined {
    const next = this.#text[this.#at];
    if (next !== '"' && next !== "'") return undefined;
    const { column } = this;
    const found = this.#match(QUOTED);
    if (!found) {
      const message = `the text in ${next} quotes has no end.`;
      throw this.error('QUERY_SYNTAX', message, `Close it with ${next}.`, column);
    }
    return (found[1] ?? found[2] ?? '').replace(/\\(.)/gs, '$1');
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}
