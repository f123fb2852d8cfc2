import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadManifests } from '../../../cli/manifest/load-manifests.ts';
import { parseManifests } from '../../../experiments/manifest/parse-manifests.ts';
import { formatLocatedIssue, issueToJson, locateIssue } from '../../../experiments/manifest/located-issue.ts';
import type { ManifestDocument } from '../../../experiments/manifest/manifest-document.ts';
import { specIssue } from '../../../core/validation/issue.ts';
import { validateExperiment } from '../../../core/validation/validate-experiment.ts';
import { experimentDocument, lenientCatalog } from '../../support/experiment-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'katydid-manifest-'));
afterAll(() => rmSync(folder, { recursive: true }));

function onlyDocument(text: string): ManifestDocument {
  const { documents, issues } = parseManifests(text, 'x.yaml');
  const [document] = documents;
  if (!document || documents.length > 1) throw new Error(JSON.stringify(issues));
  return document;
}

function place(document: ManifestDocument, ...path: (string | number)[]): string {
  const { file, line, column } = document.positionOf(path);
  return `${file}:${line}:${column}`;
}

const TEXT = `# a comment
kind: Experiment
spec:
  max: 1e-3
  list: [on, 'two',
    3]
  parameters:
    - name: lr
      min: 0.10
    - {name: momentum, "quoted": "0.5"}
`;

describe('positions', () => {
  const document = onlyDocument(TEXT);

  it.each<[(string | number)[], string]>([
    [[], 'x.yaml:2:1'],
    [['kind'], 'x.yaml:2:1'],
    [['spec'], 'x.yaml:3:1'],
    [['spec', 'max'], 'x.yaml:4:3'],
    [['spec', 'list', 1], 'x.yaml:5:14'],
    [['spec', 'list', 2], 'x.yaml:6:5'],
    [['spec', 'parameters', 0], 'x.yaml:8:7'],
    [['spec', 'parameters', 0, 'min'], 'x.yaml:9:7'],
    [['spec', 'parameters', 1, 'quoted'], 'x.yaml:10:24'],
  ])('of %j is %s', (path, expected) => {
    expect(place(document, ...path)).toBe(expected);
  });

  it.each<[(string | number)[], string]>([
    [['metadata'], 'x.yaml:2:1'],
    [['spec', 'min'], 'x.yaml:3:1'],
    [['spec', 'parameters', 0, 'max', 'deeper'], 'x.yaml:8:7'],
    [['spec', 'parameters', 7], 'x.yaml:7:3'],
    [['kind', 'deeper'], 'x.yaml:2:1'],
  ])('of %j, which is not there, is its parent at %s', (path, expected) => {
    expect(place(document, ...path)).toBe(expected);
  });

  it('follow aliases to where the value stands', () => {
    const aliased = onlyDocument('a: &x\n  b: 1\nc: *x\n');
    expect(place(aliased, 'c', 'b')).toBe('x.yaml:2:3');
  });

  it('count through all documents of a file', () => {
    const { documents } = parseManifests('a: 1\n---\nb: 2\n---\n\nc: 3\n', 'x.yaml');
    const last = documents[2];
    expect(last && place(last, 'c')).toBe('x.yaml:6:1');
  });

  it('are found in JSON, too', () => {
    expect(place(onlyDocument('{\n  "a": {"b": 1}\n}'), 'a', 'b')).toBe('x.yaml:2:9');
  });
});

describe('source text', () => {
  const document = onlyDocument(TEXT);

  it.each<[(string | number)[], string | undefined]>([
    [['spec', 'max'], '1e-3'],
    [['spec', 'parameters', 0, 'min'], '0.10'],
    [['spec', 'list', 0], 'on'],
    [['spec', 'list', 1], 'two'],
    [['spec', 'list'], undefined],
    [['nothing'], undefined],
  ])('of %j is %j', (path, expected) => {
    expect(document.sourceText(path)).toBe(expected);
  });
});

describe('values', () => {
  it('are read as kubectl reads them', () => {
    const text = 'mode: 0644\ntruth: on\ntime: 2001-12-14\nratio: 1:30\nbase: &b {a: 1}\nmerged: {<<: *b}\n';
    expect(onlyDocument(text).value).toEqual({
      mode: 0o644,
      truth: true,
      time: '2001-12-14',
      ratio: '1:30',
      base: { a: 1 },
      merged: { a: 1 },
    });
  });

  it('come from every document; empty ones are left out', () => {
    const { documents, issues } = parseManifests('---\n---\na: 1\n---\n# nothing\n---\nb: 2\n', 'x.yaml');
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(issues).toEqual([]);
  });

  it('survive being written as YAML', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
        const [document] = parseManifests(stringify(value, { version: '1.1' }), 'x.yaml').documents;
        expect(document?.value ?? {}).toEqual({ ...value });
      }),
      { numRuns: 60 },
    );
  });
});

describe('problems', () => {
  it('of syntax have their place, and do not hide the other documents', () => {
    const { documents, issues } = parseManifests('a: 1\n---\nb: [1, 2\nc: 3\n---\nd: 4\n', 'x.yaml');
    expect(documents.map(({ value }) => value)).toContainEqual({ a: 1 });
    expect(issues[0]).toMatchObject({ code: 'SPEC_YAML_SYNTAX', file: 'x.yaml', line: 4 });
  });

  it('are keys that stand twice', () => {
    const { issues } = parseManifests('a: 1\na: 2\n', 'x.yaml');
    expect(issues.map(formatLocatedIssue)).toEqual([
      'x.yaml:2:1: The key "a" stands twice in the same object. Remove one of them.',
    ]);
  });

  it('are aliases that expand beyond all measure', () => {
    const layers = Array.from({ length: 8 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
    const { documents, issues } = parseManifests(`l0: &l0 [1]\n${layers.join('\n')}\n`, 'x.yaml');
    expect(documents).toEqual([]);
    expect(issues.map(({ code }) => code)).toEqual(['SPEC_YAML_SYNTAX']);
  });

  it('are files without a document', () => {
    expect(parseManifests('# nothing\n', 'x.yaml').issues.map(({ code }) => code)).toEqual([
      'SPEC_FILE_EMPTY',
    ]);
    expect(parseManifests('', 'x.yaml').issues.map(({ code }) => code)).toEqual(['SPEC_FILE_EMPTY']);
  });

  it('are files that cannot be read', () => {
    const { documents, issues } = loadManifests(join(folder, 'missing.yaml'));
    expect(documents).toEqual([]);
    expect(issues).toMatchObject([{ code: 'SPEC_FILE_UNREADABLE', line: 1, column: 1 }]);
  });

  it('never escape as exceptions, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const { documents, issues } = parseManifests(text, 'x.yaml');
        expect(documents.length + issues.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('issues of an experiment', () => {
  const text = stringify(experimentDocument(), { version: '1.1' }).replace('min: "0.01"', 'min: 1.0e-2');
  const document = onlyDocument(text);
  const line = 1 + text.split('\n').findIndex((content) => content.includes('min: 1.0e-2'));

  it('name line, column, path, value as written, and remedy', () => {
    const { issues } = validateExperiment(document.value, lenientCatalog, {
      sourceText: document.sourceText,
    });
    expect(issues.map((issue) => formatLocatedIssue(locateIssue(issue, document)))).toEqual([
      `x.yaml:${line}:9: spec.parameters[0].feasibleSpace.min: min is the number 1.0e-2, but text goes here. Quote it: min: "1.0e-2".`,
    ]);
  });

  it('are plain data for programs', () => {
    const issue = specIssue('SPEC_REQUIRED', ['spec', 'algorithm'], 'algorithm is missing.', 'Add it.');
    expect(issueToJson(locateIssue(issue, onlyDocument('spec: {}\n')))).toEqual({
      code: 'SPEC_REQUIRED',
      file: 'x.yaml',
      line: 1,
      column: 1,
      path: 'spec.algorithm',
      message: 'algorithm is missing.',
      remedy: 'Add it.',
    });
  });

  it('are found in a file', () => {
    const path = join(folder, 'experiment.yaml');
    writeFileSync(path, text);
    expect(loadManifests(path).documents.map(({ file }) => file)).toEqual([path]);
  });
});
