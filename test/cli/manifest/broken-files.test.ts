import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadExperimentFiles } from '../../../cli/manifest/experiment-files.ts';
import { formatLocatedIssue } from '../../../experiments/manifest/located-issue.ts';
import { temporaryFolder } from '../../support/command.ts';
import { experimentDocument } from '../../support/experiment-document.ts';

const VALID = stringify(experimentDocument(), { version: '1.1' });

/** What is said about a file with this content, without the name of its folder. */
function issuesOf(content: string | Uint8Array): string[] {
  using folder = temporaryFolder();
  const file = join(folder.path, 'x.yaml');
  writeFileSync(file, content);
  return loadExperimentFiles([file]).issues.map((issue) => formatLocatedIssue(issue).replace(file, 'x.yaml'));
}

describe('a file is refused once, with its place', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['with tabs', 'a: 1\n\tb: 2\n', /^x\.yaml:2:1: .*Tabs are not allowed/],
    ['with a key twice', 'metadata:\n  name: a\n  name: b\n', /^x\.yaml:3:3: The key "name" stands twice/],
    ['with an open bracket', 'a: [1\nb: 2\n', /^x\.yaml:2:1: .*not well-formed/],
    ['with an open quote', 'a: "b\n', /^x\.yaml:2:1: .*Missing closing "quote/],
    ['that is JSON cut off', '{"a": 1', /^x\.yaml:1:8: .*Flow map must end/],
    ['with an alias to nothing', 'a: 1\nb: *c\n', /^x\.yaml:2:4: There is no anchor &c/],
    ['with an alias to itself', 'a: &a\n  b: *a\n', /^x\.yaml:1:1: .*contains itself/],
    ['that is empty', '', /^x\.yaml:1:1: The file holds no document/],
    ['of comments', '# a\n---\n# b\n', /^x\.yaml:1:1: The file holds no document/],
    ['of words', 'just words\n', /^x\.yaml:1:1: The document is the text "just words"/],
    ['that is a list', '- a\n', /^x\.yaml:1:1: The document is a list/],
    [
      'that is binary',
      Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe]),
      /^x\.yaml:1:1: .*not text in UTF-8/,
    ],
    ['with zero bytes', 'a: 1\0', /^x\.yaml:1:1: The file is not text/],
    ['in UTF-16', Buffer.from('\ufeffa: 1', 'utf16le'), /^x\.yaml:1:1: .*not text in UTF-8/],
    [
      'of 5 MB',
      `a: ${'x'.repeat(5 * 2 ** 20)}`,
      /^x\.yaml:1:1: The file has 5\.0 MiB, and 4 MiB are the limit/,
    ],
    [
      'without an Experiment',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n',
      /holds no Experiment/,
    ],
    [
      'with an unknown kind',
      'apiVersion: v1\nkind: Frob\nmetadata: { name: c }\n',
      /^x\.yaml:2:1: kind: Frob of v1/,
    ],
  ])('%s', (_, content, issue) => {
    const issues = issuesOf(content);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatch(issue);
  });
});

it('one bad document does not hide the place of another', () => {
  const issues = issuesOf(`${VALID}---\na: [1\nb: 2\n---\nkind: Experiment\n`);
  expect(issues[0]).toContain('not well-formed');
  expect(issues.at(-1)).toContain('spec is missing');
});

it('a mark of the byte order is no part of the text', () => {
  expect(issuesOf(`\ufeff${VALID}`)).toEqual([]);
});

it('nesting without end is told in words', () => {
  const issues = issuesOf(`a: ${'['.repeat(20_000)}`);
  expect(issues[0]).toContain('nested too deeply');
  expect(issues.length).toBeLessThanOrEqual(5);
});

it('a file with very many mistakes is answered in time, with some of them', () => {
  const fields = Array.from({ length: 20_000 }, (_, index) => `  field${index}: ${index}`);
  const issues = issuesOf(
    `apiVersion: kubeflow.org/v1beta1\nkind: Experiment\nspec:\n${fields.join('\n')}\n`,
  );
  expect(issues).toHaveLength(500);
});

it('experiments and their companions come without a namespace into the default one', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'x.yaml');
  const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n';
  writeFileSync(
    file,
    `${configMap}---\n${stringify(experimentDocument({ 'metadata.namespace': undefined }))}`,
  );
  const { experiments, others, issues } = loadExperimentFiles([file]);
  expect(issues).toEqual([]);
  expect(experiments[0]?.experiment.metadata.namespace).toBe('default');
  expect(others[0]?.object.metadata.namespace).toBe('default');
});
