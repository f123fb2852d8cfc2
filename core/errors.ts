/**
 * Something a user can act on. `code` is stable and documented in docs/error-codes.md; `remedy` says what to do next.
 * Anything that is not a KatydidError is a defect of ours.
 */
export class KatydidError extends Error {
  override readonly name: string = 'KatydidError';
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}

/** One thing that is wrong with a specification. */
export interface SpecIssue {
  /** Stable identifier, for example `SPEC_MIN_NOT_BELOW_MAX`. */
  code: string;
  /** Where: object keys and list indexes from the document's root. */
  path: readonly (string | number)[];
  /** What is wrong, naming the field and the value found. */
  message: string;
  /** What to write instead. */
  remedy: string;
}

/** A specification that cannot be used, with everything that is wrong with it at once. */
export class SpecError extends KatydidError {
  override readonly name = 'SpecError';
  readonly issues: readonly SpecIssue[];

  constructor(subject: string, issues: readonly SpecIssue[]) {
    const count = issues.length === 1 ? '1 error' : `${issues.length} errors`;
    super('SPEC_INVALID', `${subject} has ${count}: ${issues.map(describeIssue).join(' ')}`);
    this.issues = issues;
  }
}

export function describeIssue(issue: SpecIssue): string {
  return `${formatPath(issue.path)}: ${issue.message} ${issue.remedy}`;
}

/** `['spec', 'parameters', 0, 'name']` → `spec.parameters[0].name`; the root is `(document)`. */
export function formatPath(path: readonly (string | number)[]): string {
  if (path.length === 0) return '(document)';
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For the default branch of a switch over a union: fails to compile when a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
