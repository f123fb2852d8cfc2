import { readFileSync } from 'node:fs';
import { type Document, LineCounter, parseAllDocuments, type YAMLError } from 'yaml';
import { errorMessage } from '../../core/errors.ts';
import { specIssue } from '../../core/validation/issue.ts';
import { KUBERNETES_YAML, MAX_ALIASES } from '../../core/yaml.ts';
import type { LocatedIssue } from './located-issue.ts';
import {
  type ManifestDocument,
  manifestDocument,
  type ManifestSource,
  positionAt,
} from './manifest-document.ts';

const STDIN = '-';
const STDIN_DESCRIPTOR = 0;

/** What a file holds. Documents that cannot be parsed are among the issues and not among the documents. */
export interface LoadedManifests {
  documents: ManifestDocument[];
  issues: LocatedIssue[];
}

/** Reads a file of YAML or JSON documents; `-` reads standard input to its end. */
export function loadManifests(path: string): LoadedManifests {
  const file = path === STDIN ? '(standard input)' : path;
  try {
    return parseManifests(readFileSync(path === STDIN ? STDIN_DESCRIPTOR : path, 'utf8'), file);
  } catch (error) {
    const message = `The file cannot be read: ${errorMessage(error)}.`;
    const issue = specIssue('SPEC_FILE_UNREADABLE', [], message, 'Check the path and its permissions.');
    return { documents: [], issues: [{ ...issue, file, line: 1, column: 1 }] };
  }
}

/** Parses a text of YAML or JSON documents. `file` is what messages call it. Empty documents are left out. */
export function parseManifests(text: string, file: string): LoadedManifests {
  const lines = new LineCounter();
  const source: ManifestSource = { file, text, lines };
  const parsed = parseAllDocuments(text, { ...KUBERNETES_YAML, lineCounter: lines, prettyErrors: false });
  const documents: ManifestDocument[] = [];
  const issues: LocatedIssue[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    if (document.errors.length > 0) {
      issues.push(...document.errors.map((error) => syntaxIssue(error, source)));
    } else if (document.contents !== null) {
      readDocument(document, source, documents, issues);
    }
  }
  if (documents.length === 0 && issues.length === 0) issues.push(emptyFile(file));
  return { documents, issues };
}

function readDocument(
  document: Document,
  source: ManifestSource,
  documents: ManifestDocument[],
  issues: LocatedIssue[],
): void {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (value !== null) documents.push(manifestDocument(document, value, source));
  } catch (error) {
    const message = `The document cannot be expanded: ${errorMessage(error)}.`;
    const issue = specIssue('SPEC_YAML_SYNTAX', [], message, 'Write it out instead of using aliases.');
    issues.push({ ...issue, ...positionAt(source, document.range?.[0] ?? 0) });
  }
}

function syntaxIssue(error: YAMLError, source: ManifestSource): LocatedIssue {
  const message = `The document is not well-formed: ${error.message}.`;
  const remedy = 'Correct the syntax; a frequent cause is the indentation of this line or the one before.';
  return { ...specIssue('SPEC_YAML_SYNTAX', [], message, remedy), ...positionAt(source, error.pos[0]) };
}

function emptyFile(file: string): LocatedIssue {
  const remedy = 'Write a manifest with apiVersion, kind, metadata and spec.';
  const issue = specIssue('SPEC_FILE_EMPTY', [], 'The file holds no document.', remedy);
  return { ...issue, file, line: 1, column: 1 };
}
