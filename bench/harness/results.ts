import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { describeMachine } from './machine.ts';

/** One figure. */
export interface Figure {
  what: string;
  /** With its unit. */
  value: string;
  /** What the same computer does without Katydid, measured in the same run, and the ratio of the two. */
  beside?: string;
  /** What the figure must reach, and whether it does. */
  target?: { text: string; isMet: boolean };
}

/** What one benchmark found. */
export interface Findings {
  /** Name of its file in bench/results. */
  name: string;
  title: string;
  /** What was done, for the reader of the figures: one or more paragraphs. */
  method: string;
  figures: readonly Figure[];
}

const RESULTS = fileURLToPath(new URL('../results', import.meta.url));

/** Prints the figures; with `keep`, writes them to bench/results too. False where a target is missed. */
export async function publish(findings: Findings, keep: boolean): Promise<boolean> {
  console.log(`\n${findings.title}\n`);
  const width = Math.max(...findings.figures.map(({ what }) => what.length));
  for (const figure of findings.figures) console.log(`  ${lineOf(figure, width)}`);
  if (keep) {
    mkdirSync(RESULTS, { recursive: true });
    const page = await prettier.format(pageOf(findings), { parser: 'markdown' });
    writeFileSync(join(RESULTS, `${findings.name}.md`), page);
  }
  return findings.figures.every(({ target }) => target?.isMet ?? true);
}

function lineOf({ what, value, beside, target }: Figure, width: number): string {
  const notes = [beside, target && targetText(target)].filter((note) => note !== undefined);
  return `${what.padEnd(width)}  ${value}${notes.length > 0 ? `  (${notes.join('; ')})` : ''}`;
}

function targetText({ text, isMet }: { text: string; isMet: boolean }): string {
  return `target ${text}: ${isMet ? 'met' : 'MISSED'}`;
}

function pageOf({ title, method, figures }: Findings): string {
  const rows = figures.map(
    ({ what, value, beside = '', target }) =>
      `| ${what} | ${value} | ${beside} | ${target ? targetText(target) : ''} |`,
  );
  return [
    `# ${title}`,
    '',
    method,
    '',
    `Measured ${new Date().toISOString().slice(0, 10)} on ${describeMachine()}.`,
    '',
    '| Figure | Value | Beside | Target |',
    '| ------ | ----- | ------ | ------ |',
    ...rows,
    '',
  ].join('\n');
}
