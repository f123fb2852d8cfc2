import { failureRemedy } from '../../core/failure-codes/failure-entry.ts';
import type { FailureCode } from '../../core/failure-codes/trial-codes.ts';

/** Why a trial brought no result, for people. */
export interface Explanation {
  code: FailureCode;
  /** One or two sentences with names and numbers. */
  cause: string;
  /** The end of the output that shows it, oldest first; empty where there is none. */
  lastLogLines: readonly string[];
  /** What to do. */
  remedy: string;
}

const MAX_LINES = 10;
const MAX_LINE_LENGTH = 160;
const MAX_CAUSE_LENGTH = 600;
const MAX_REMEDY_LENGTH = 300;
const MAX_BYTES = 2_048;

/** An explanation of bounded size. `remedy` is the code's own where none is given. */
export function explain(
  code: FailureCode,
  cause: string,
  options: { output?: string; remedy?: string } = {},
): Explanation {
  const remedy = options.remedy ?? failureRemedy(code);
  return {
    code,
    cause: cut(cause, MAX_CAUSE_LENGTH),
    lastLogLines: lastLines(options.output ?? ''),
    remedy: cut(remedy, MAX_REMEDY_LENGTH),
  };
}

/** Between cause and remedy, and before the lines of output. Commands and REST take the message apart by them. */
export const REMEDY_MARK = ' What to do: ';
export const OUTPUT_MARK = ' Last output:\n';

/**
 * `[CODE] cause What to do: remedy Last output:` and the lines, at most 2 KiB in UTF-8: as many of the newest lines as fit. It is
 * part of a Trial's status, so its size must not depend on what the training wrote.
 */
export function describeExplanation({ code, cause, remedy, lastLogLines }: Explanation): string {
  const head = `[${code}] ${cause}${remedy === '' ? '' : `${REMEDY_MARK}${remedy}`}`;
  for (let first = 0; first < lastLogLines.length; first++) {
    const text = `${head}${OUTPUT_MARK}${lastLogLines.slice(first).join('\n')}`;
    if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  }
  return cutBytes(head, MAX_BYTES);
}

/** The last line that says something: of a Python traceback or a Node error, usually the error itself. */
export function lastLine(output: string): string | undefined {
  return lastLines(output).at(-1);
}

function lastLines(output: string): string[] {
  return plainText(output)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-MAX_LINES)
    .map((line) => cut(line, MAX_LINE_LENGTH));
}

/** Without colours, other control characters, and what a progress bar overwrote. */
function plainText(output: string): string {
  return output
    .replace(/\r+\n/g, '\n')
    .replace(/^.*\r/gm, '')
    .replace(ESCAPE_SEQUENCE, '')
    .replace(CONTROL_CHARACTER, '');
}

const ESCAPE_SEQUENCE = new RegExp('\\u001b\\[[0-9;?]*[ -/]*[@-~]', 'g');
const CONTROL_CHARACTER = new RegExp('[\\u0000-\\u0008\\u000b-\\u001f\\u007f]', 'g');

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

/** At most `bytes` bytes of UTF-8, never ending inside a character. */
function cutBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes;
  // 10xxxxxx continues a character.
  while (((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return encoded.subarray(0, end).toString();
}
