import { formatPath, type SpecIssue } from '../../core/errors.ts';
import type { ManifestDocument, Position } from './manifest-document.ts';

/** An issue with its place in a file. */
export type LocatedIssue = SpecIssue & Position;

/** Finds the place of an issue; a field that is missing is reported where it is missed, at its parent. */
export function locateIssue(issue: SpecIssue, document: ManifestDocument): LocatedIssue {
  return { ...issue, ...document.positionOf(issue.path) };
}

/** `file:line:column: path: what is wrong. What to write instead.` Without a path where it is about the whole. */
export function formatLocatedIssue(issue: LocatedIssue): string {
  const { file, line, column, path, message, remedy } = issue;
  const where = path.length === 0 ? [] : [formatPath(path)];
  return [`${file}:${line}:${column}`, ...where, `${message} ${remedy}`].join(': ');
}

const MAX_LINES = 50;

/** One line for each issue; of very many the first ones. */
export function formatLocatedIssues(issues: readonly LocatedIssue[]): string[] {
  const rest = issues.length - MAX_LINES;
  const shown = issues.slice(0, MAX_LINES).map(formatLocatedIssue);
  return rest > 0 ? [...shown, `… and at least ${rest} more errors.`] : shown;
}

/** An issue for programs: the path is text, as in messages. */
export interface IssueJson extends Position {
  code: string;
  path: string;
  message: string;
  remedy: string;
}

export function issueToJson({ code, file, line, column, path, message, remedy }: LocatedIssue): IssueJson {
  return { code, file, line, column, path: formatPath(path), message, remedy };
}
