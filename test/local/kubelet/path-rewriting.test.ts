import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathRewriter } from '../../../local/kubelet/path-rewriting.ts';

const rewriter = pathRewriter(
  [
    { from: '/data', to: '/host/d' },
    { from: '/data/deep', to: '/host/deep' },
    { from: '/host', to: '/elsewhere' },
  ],
  null,
);

describe('a text with paths', () => {
  it.each([
    ['/data', '/host/d'],
    ['/data/', '/host/d/'],
    ['/data/a.csv', '/host/d/a.csv'],
    ['/data/deep/x', '/host/deep/x'],
    ['/data/deeper', '/host/d/deeper'],
    ['--dir=/data/x', '--dir=/host/d/x'],
    ['/data:/data/deep', '/host/d:/host/deep'],
    ['cat /data/x && cp "/data/y" \'/data/z\'', 'cat /host/d/x && cp "/host/d/y" \'/host/d/z\''],
    ['file:///data/x', 'file:///host/d/x'],
    ['{"path": "/data"}', '{"path": "/host/d"}'],
    ['/data-old /data.txt /database', '/data-old /data.txt /database'],
    ['/mnt/data', '/mnt/data'],
    ['http://server/data', 'http://server/data'],
    ['s3://data', 's3://data'],
    ['$(pwd)/data ${HOME}/data ~/data ./data', '$(pwd)/data ${HOME}/data ~/data ./data'],
  ])('%s becomes %s', (text, expected) => {
    expect(rewriter.rewriteText(text)).toBe(expected);
  });

  it('is left alone without mappings', () => {
    fc.assert(fc.property(fc.string(), (text) => pathRewriter([], null).rewriteText(text) === text));
  });

  it('agrees with the translation of one path, whatever stands around it', () => {
    const name = fc.stringMatching(/^[a-z0-9_]{1,8}$/);
    const around = fc.constantFrom('', ' ', '=', ':', '"', ',');
    fc.assert(
      fc.property(fc.array(name, { maxLength: 3 }), around, (names, quote) => {
        const podPath = ['/data', ...names].join('/');
        expect(rewriter.rewriteText(`${quote}${podPath}${quote}`)).toBe(
          `${quote}${rewriter.resolve(podPath)}${quote}`,
        );
      }),
    );
  });
});

describe('one path', () => {
  it.each([
    ['/data/./x/../y', '/host/d/y'],
    ['/other', '/other'],
    ['relative', 'relative'],
  ])('%s is at %s', (podPath, expected) => {
    expect(rewriter.resolve(podPath)).toBe(expected);
  });
});

it('finds files of the image below its root, and only those', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'katydid-root-'));
  try {
    mkdirSync(path.join(root, 'opt/app'), { recursive: true });
    writeFileSync(path.join(root, 'opt/app/train.py'), '');
    const image = pathRewriter([{ from: '/data', to: '/host/d' }], root);
    expect(image.rewriteText('python /opt/app/train.py --out=/opt/out /data/x')).toBe(
      `python ${root}/opt/app/train.py --out=/opt/out /host/d/x`,
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});
