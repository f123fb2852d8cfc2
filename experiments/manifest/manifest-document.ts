import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type LineCounter,
  type Node,
} from 'yaml';
import type { SpecIssue } from '../../core/errors.ts';

type SpecPath = SpecIssue['path'];

/** A place in a file, counted from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** One document of a manifest file, which knows where its parts stand. */
export interface ManifestDocument {
  file: string;
  /** Plain data. */
  value: unknown;
  /** Where a field's name (or a list's entry) stands; for a path that leads nowhere, its nearest parent. */
  positionOf: (path: SpecPath) => Position;
  /** A scalar as it was written, without quotes; undefined for anything else. */
  sourceText: (path: SpecPath) => string | undefined;
}

/** The source that a document was parsed from. */
export interface ManifestSource {
  file: string;
  text: string;
  lines: LineCounter;
}

export function manifestDocument(
  document: Document,
  value: unknown,
  source: ManifestSource,
): ManifestDocument {
  return {
    file: source.file,
    value,
    positionOf: (path) => positionAt(source, nearestOffset(document, path)),
    sourceText: (path) => {
      const node = document.getIn(path, true);
      return isScalar(node) ? String(node.source ?? node.value) : undefined;
    },
  };
}

export function positionAt(
  { file, lines }: Pick<ManifestSource, 'file' | 'lines'>,
  offset: number,
): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** Follows the path as far as it leads. */
function nearestOffset(document: Document, path: SpecPath): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? document.range?.[0] ?? 0;
  for (const step of path) {
    const found = childOf(document, node, step);
    if (!found) break;
    offset = offsetOf(found.at) ?? offset;
    node = found.value;
  }
  return offset;
}

/** A child's value, and the node that marks its place: the key of a field, the entry itself in a list. */
function childOf(
  document: Document,
  parent: unknown,
  step: string | number,
): { at: unknown; value: unknown } | undefined {
  const collection = resolved(document, parent);
  if (isMap(collection)) {
    const pair = collection.items.find(
      ({ key }) => (isScalar(key) ? String(key.value) : key) === String(step),
    );
    return pair && { at: pair.key, value: pair.value };
  }
  if (!isCollection(collection) || typeof step !== 'number') return undefined;
  const item = collection.items[step];
  if (item === undefined) return undefined;
  return { at: isPair(item) ? item.key : item, value: item };
}

/** The node that an alias stands for. */
function resolved(document: Document, node: unknown): unknown {
  return isNode(node) && 'resolve' in node ? node.resolve(document) : node;
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
