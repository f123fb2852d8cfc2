import { type Document, isScalar, type Node, visit, type YAMLMap } from 'yaml';
import { specIssue } from '../../core/validation/issue.ts';
import type { LocatedIssue } from './located-issue.ts';
import { type ManifestSource, positionAt } from './manifest-document.ts';

/** What a parser lets pass, or says without a place: keys that stand twice, and aliases that lead nowhere. */
export function checkDocument(document: Document, source: ManifestSource): LocatedIssue[] {
  const issues: LocatedIssue[] = [];
  const report = (node: unknown, message: string, remedy: string): void => {
    const offset = (node as Node | null)?.range?.[0] ?? document.range?.[0] ?? 0;
    issues.push({ ...specIssue('SPEC_YAML_SYNTAX', [], message, remedy), ...positionAt(source, offset) });
  };
  visit(document, {
    Map(_, map) {
      for (const { key, name } of repeatedKeys(map))
        report(key, `The key "${name}" stands twice in the same object.`, 'Remove one of them.');
    },
    Alias(_, alias) {
      if (!alias.resolve(document))
        report(alias, `There is no anchor &${alias.source} before this alias.`, 'Correct the name.');
    },
  });
  return issues;
}

/** The parser's own check compares each key with each other, which takes minutes for a file with many. */
function repeatedKeys(map: YAMLMap): { key: unknown; name: string }[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const isRepeated = seen.has(name);
    seen.add(name);
    return isRepeated ? [{ key, name }] : [];
  });
}

/** The value holds itself, as an alias inside its own anchor makes it. */
export function isCyclic(value: unknown): boolean {
  const done = new Set<object>();
  const above = new Set<object>();
  const leadsBack = (inner: unknown): boolean => {
    if (inner === null || typeof inner !== 'object' || done.has(inner)) return false;
    if (above.has(inner)) return true;
    above.add(inner);
    const found = Object.values(inner).some(leadsBack);
    above.delete(inner);
    done.add(inner);
    return found;
  };
  return leadsBack(value);
}
