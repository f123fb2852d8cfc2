import { type Document, LineCounter, parseAllDocuments, type YAMLError } from 'yaml';
import { errorMessage } from '../../core/errors.ts';
import { specIssue } from '../../core/validation/issue.ts';
import { KUBERNETES_YAML, MAX_ALIASES } from '../../core/yaml.ts';
import { checkDocument, isCyclic } from './document-checks.ts';
import type { LocatedIssue } from './located-issue.ts';
import {
  type ManifestDocument,
  manifestDocument,
  type ManifestSource,
  positionAt,
} from './manifest-document.ts';

/** One slip makes a parser stumble many times: what follows the first few says nothing new. */
const MAX_SYNTAX_ISSUES = 5;

/** What a file holds. Documents that cannot be parsed are among the issues and not among the documents. */
export interface LoadedManifests {
  documents: ManifestDocument[];
  issues: LocatedIssue[];
}

/** Parses a text of YAML or JSON documents. `file` is what messages call it. Empty documents are left out. */
export function parseManifests(text: string, file: string): LoadedManifests {
  const lines = new LineCounter();
  const source: ManifestSource = { file, text, lines };
  const options = { ...KUBERNETES_YAML, lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const parsed = parseAllDocuments(text, options);
  const loaded: LoadedManifests = { documents: [], issues: [] };
  for (const document of Array.isArray(parsed) ? parsed : []) readDocument(document, source, loaded);
  if (loaded.documents.length === 0 && loaded.issues.length === 0) loaded.issues.push(emptyFile(file));
  return loaded;
}

function readDocument(
  document: Document,
  source: ManifestSource,
  { documents, issues }: LoadedManifests,
): void {
  const errors = document.errors.map((error) => syntaxIssue(error, source));
  if (errors.length === 0) errors.push(...checkDocument(document, source));
  issues.push(...errors.slice(0, MAX_SYNTAX_ISSUES));
  if (errors.length > 0 || document.contents === null) return;
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (isCyclic(value)) issues.push(expansionIssue(document, source, 'it contains itself'));
    else if (value !== null) documents.push(manifestDocument(document, value, source));
  } catch (error) {
    issues.push(expansionIssue(document, source, errorMessage(error)));
  }
}

function expansionIssue(document: Document, source: ManifestSource, why: string): LocatedIssue {
  const message = `The document cannot be expanded: ${why}.`;
  const issue = specIssue('SPEC_YAML_SYNTAX', [], message, 'Write it out instead of using aliases.');
  return { ...issue, ...positionAt(source, document.range?.[0] ?? 0) };
}

function syntaxIssue(error: YAMLError, source: ManifestSource): LocatedIssue {
  const why = error.message.includes('call stack') ? 'It is nested too deeply' : error.message;
  const message = `The document is not well-formed: ${why}.`;
  const remedy = 'Correct the syntax; a frequent cause is the indentation of this line or the one before.';
  return { ...specIssue('SPEC_YAML_SYNTAX', [], message, remedy), ...positionAt(source, error.pos[0]) };
}

function emptyFile(file: string): LocatedIssue {
  const remedy = 'Write a manifest with apiVersion, kind, metadata and spec.';
  const issue = specIssue('SPEC_FILE_EMPTY', [], 'The file holds no document.', remedy);
  return { ...issue, file, line: 1, column: 1 };
}
