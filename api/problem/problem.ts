import type { SpecIssue } from '../../core/errors.ts';
import type { ProblemCode } from './codes.ts';

/** One thing that is wrong with a request. */
export interface ProblemDetail {
  /** Where in the body: object keys and list indexes. Absent where it is not about the body. */
  readonly path?: SpecIssue['path'];
  /** The query parameter or header that it is about. */
  readonly parameter?: string;
  /** Of the single error, where it has a code of its own: `SPEC_REQUIRED` … */
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  /** In the body, from 1; found out from `path` where absent. */
  readonly line?: number;
  /** In that line of the body, or in the parameter; from 1. */
  readonly column?: number;
}

export interface ProblemOptions {
  /** What to do now. */
  readonly hint?: string;
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer other than success, as the API tells it: RFC 9457. The code decides status and title (codes.ts). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly hint: string | undefined;
  readonly errors: readonly ProblemDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}
