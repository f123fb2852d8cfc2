import { DISK_FULL, isDiskFull } from '../core/disk-space.ts';
import { describeIssue, errorMessage, KatydidError, SpecError } from '../core/errors.ts';
import { QueryError } from '../experiments/query/query-error.ts';
import { isApiError } from '../kube/api-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { FilesRefused } from './manifest/accepted-files.ts';
import { formatLocatedIssues } from '../experiments/manifest/located-issue.ts';
import type { Output } from './output/output.ts';

/**
 * Tells a person what went wrong and what to do, without a stack trace (set KATYDID_DEBUG=1 to see one), and returns
 * the exit status to end with.
 */
export function reportError(output: Output, error: unknown): ExitCode {
  if (error instanceof FilesRefused) {
    for (const line of formatLocatedIssues(error.issues)) output.err(line);
    return EXIT.refused;
  }
  if (error instanceof SpecError) {
    for (const line of specErrorLines(error)) output.err(line);
    return EXIT.refused;
  }
  for (const line of errorLines(error)) output.err(line);
  if (process.env['KATYDID_DEBUG'] && error instanceof Error && error.stack) output.err(error.stack);
  const isRefusal =
    error instanceof KatydidError && (REFUSALS.has(error.code) || error instanceof QueryError);
  return isRefusal ? EXIT.refused : EXIT.failed;
}

function errorLines(error: unknown): string[] {
  if (error instanceof KatydidError) {
    const lines = [`error: ${error.message} [${error.code}]`];
    return error.remedy ? [...lines, `  ${error.remedy}`] : lines;
  }
  if (isApiError(error)) return [`error: ${error.message}`];
  const message = errorMessage(error);
  if (isDiskFull(error)) return [`error: A disk is full: ${message}. [${DISK_FULL}]`, `  ${WITHOUT_ROOM}`];
  return [`error: ${message}`, `  ${isOfTheSystem(error) ? REFUSED_BY_SYSTEM : DEFECT}`];
}

const WITHOUT_ROOM =
  'Free space on the disk of the data directory and give the command again: what was stored before is still there.';
const REFUSED_BY_SYSTEM =
  'That is what the operating system answered; check the permissions and limits of this user. KATYDID_DEBUG=1 shows where it happened.';
const DEFECT =
  'This is a defect of katydid, not of your experiment. KATYDID_DEBUG=1 shows where it happened.';

/** Whether a call of the operating system failed, which it does for reasons outside this program. */
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** What is wrong, and below it every mistake with its remedy. */
function specErrorLines({ message, issues }: SpecError): string[] {
  const list = issues.map(describeIssue);
  const subject = message.slice(0, message.length - list.join(' ').length).replace(/: $/, '');
  return [`error: ${subject} [SPEC_INVALID]`, ...list.map((line) => `  ${line}`)];
}

/** Codes of errors that refuse what the user asked for, before anything was done. */
const REFUSALS: ReadonlySet<string> = new Set([
  'EXPERIMENT_DIFFERS',
  'EXTENSION_EMPTY',
  'ONE_EXPERIMENT_EXPECTED',
  'TEMPLATE_NOT_FOUND',
]);
