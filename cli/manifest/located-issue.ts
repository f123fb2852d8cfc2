import { formatPath, type SpecIssue } from '../../core/errors.ts';
import type { ManifestDocument, Position } from './manifest-document.ts';

/** An issue with its place in a file. */
export type LocatedIssue = SpecIssue & Position;

/** Finds the place of an issue; a field that is missing is reported where it is missed, at its parent. */
export function locateIssue(issue: SpecIssue, document: ManifestDocument): LocatedIssue {
  return { ...issue, ...document.positionOf(issue.path) };
}

/** `file:line:column: path: what is wrong. What to write instead.` */
export function formatLocatedIssue(issue: LocatedIssue): string {
  const { file, line, column, path, message, remedy } = issue;
  return `${file}:${line}:${column}: ${formatPath(path)}: ${message} ${remedy}`;
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
