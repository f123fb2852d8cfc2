import { readFileSync } from 'node:fs';
import { errorMessage } from '../../core/errors.ts';
import { specIssue } from '../../core/validation/issue.ts';
import type { LocatedIssue } from '../../experiments/manifest/located-issue.ts';

const STDIN = '-';
const STDIN_DESCRIPTOR = 0;

/** No object may be larger than 1.5 MiB on a cluster, and a file holds a few of them. */
const MAX_BYTES = 4 * 2 ** 20;

/** The text of a file, or what forbids to read it. `file` is what messages call it. */
export type FileText = { file: string; text: string } | { file: string; issue: LocatedIssue };

/** Reads a file of UTF-8 text; `-` reads standard input to its end. */
export function readTextFile(path: string): FileText {
  const file = path === STDIN ? '(standard input)' : path;
  const refused = (message: string, remedy: string): FileText => ({
    file,
    issue: { ...specIssue('SPEC_FILE_UNREADABLE', [], message, remedy), file, line: 1, column: 1 },
  });
  try {
    const bytes = readFileSync(path === STDIN ? STDIN_DESCRIPTOR : path);
    if (bytes.length > MAX_BYTES) {
      const message = `The file has ${(bytes.length / 2 ** 20).toFixed(1)} MiB, and ${MAX_BYTES / 2 ** 20} MiB are the limit.`;
      return refused(message, 'Give the file of the experiment, not of its data.');
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { file, text };
    return refused('The file is not text.', 'Give a YAML or JSON file.');
  } catch (error) {
    if (error instanceof TypeError) {
      return refused('The file is not text in UTF-8.', 'Give a YAML or JSON file, saved as UTF-8.');
    }
    return refused(reasonOf(error), 'Check the path and its permissions.');
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'This is a directory, not a file.',
  EACCES: 'The file may not be read.',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? `The file cannot be read: ${errorMessage(error)}.`;
}
