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
  if (error instanceof KatydidError) {
    output.err(`error: ${error.message} [${error.code}]`);
    if (error.remedy) output.err(`  ${error.remedy}`);
  } else if (isApiError(error)) {
    output.err(`error: ${error.message}`);
  } else {
    output.err(`error: ${errorMessage(error)}`);
    output.err(
      '  This is a defect of katydid, not of your experiment. KATYDID_DEBUG=1 shows where it happened.',
    );
  }
  if (process.env['KATYDID_DEBUG'] && error instanceof Error && error.stack) output.err(error.stack);
  const isRefusal =
    error instanceof KatydidError && (REFUSALS.has(error.code) || error instanceof QueryError);
  return isRefusal ? EXIT.refused : EXIT.failed;
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
  'ONE_EXPERIMENT_EXPECTED',
  'TEMPLATE_NOT_FOUND',
]);
