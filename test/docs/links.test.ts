import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/command.ts';

const PAGES = globSync(['*.md', '{docs,examples,bench,deploy}/**/*.md'], { cwd: ROOT });
const LINK = /\]\(([^)\s]+)\)/g;

/** The anchors that headings get. */
function anchors(text: string): Set<string> {
  const headings = Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function isBroken(link: string, page: string): boolean {
  if (/^[a-z]+:/.test(link)) return false;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(ROOT, target))) return true;
  return anchor !== undefined && !anchors(readFileSync(path.join(ROOT, target), 'utf8')).has(anchor);
}

it.each(PAGES)('%s has no broken link', (page) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  const links = Array.from(text.matchAll(LINK), ([, link = '']) => link);
  expect(links.filter((link) => isBroken(link, page))).toEqual([]);
});
