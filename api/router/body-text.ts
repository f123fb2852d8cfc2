import type { SpecIssue } from '../../core/errors.ts';
import type { ManifestDocument } from '../../experiments/manifest/manifest-document.ts';
import { parseManifests } from '../../experiments/manifest/parse-manifests.ts';

/** A body as it was sent, which knows where its parts stand. */
export interface BodyText {
  /** Of a field, from 1; undefined where the text cannot be read. */
  positionOf(path: SpecIssue['path']): { line: number; column: number } | undefined;
  /** A scalar as it was written, without quotes; undefined for anything else. */
  sourceText(path: SpecIssue['path']): string | undefined;
}

/** JSON is YAML, so that one parser finds the places in both. It runs when somebody asks: only errors do. */
export function bodyText(text: string): BodyText {
  let document: ManifestDocument | null | undefined;
  const parsed = (): ManifestDocument | null =>
    (document ??= parseManifests(text, 'body').documents[0] ?? null);
  return {
    positionOf(path) {
      const position = parsed()?.positionOf(path);
      return position && { line: position.line, column: position.column };
    },
    sourceText: (path) => parsed()?.sourceText(path),
  };
}
