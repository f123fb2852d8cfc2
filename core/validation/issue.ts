import type { SpecIssue } from '../errors.ts';
import type { SpecCode } from './codes.ts';

export type SpecPath = SpecIssue['path'];

/** What a check finds, in the order of the document. */
export type Issues = Iterable<SpecIssue>;

/**
 * An issue of the vocabulary. `message` is a sentence about the value found, without the path; `remedy` is a sentence
 * that says what to write instead.
 */
export function specIssue(code: SpecCode, path: SpecPath, message: string, remedy: string): SpecIssue {
  return { code, path, message, remedy };
}

/** The text as it reads in a message: quoted, and cut where it is long. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
}
