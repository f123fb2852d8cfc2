import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { ROOT } from '../support/command.ts';
import { recordingOutput } from '../cli/recording-output.ts';

const PAGE = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');
const commands = createProgram(recordingOutput(), () => undefined).createHelp();
const root = createProgram(recordingOutput(), () => undefined);
const shown = commands.visibleCommands(root).filter((command) => command.name() !== 'help');

/** The part of the page under the heading that names the command. */
function sectionOf(name: string): string {
  const sections = PAGE.split(/^## /m);
  return sections.find((section) => (section.split('\n')[0] ?? '').split(/,\s*/).includes(name)) ?? '';
}

describe.each(shown.map((command) => ({ name: command.name(), command })))(
  'docs/cli.md',
  ({ name, command }) => {
    it(`has a section about ${name}`, () => expect(sectionOf(name)).not.toBe(''));

    it(`names every option of ${name}`, () => {
      const section = sectionOf(name);
      const options = command.createHelp().visibleOptions(command);
      const flags = options
        .map(({ short, long }) => ({ short, long }))
        .filter(({ long }) => long !== '--help');
      const missing = flags.filter(
        ({ short, long }) => ![short, long].some((flag) => flag != null && mentions(section, flag)),
      );
      expect(missing).toEqual([]);
    });
  },
);

it('docs/cli.md names no option that does not exist', () => {
  const known = new Set([
    '--help',
    '--version',
    ...shown.flatMap(({ options }) => options.map(({ long }) => long)),
  ]);
  const named = Array.from(PAGE.matchAll(/(?<![\w-])--[a-z][a-z-]+/g), ([flag]) => flag);
  expect([...new Set(named)].filter((flag) => !known.has(flag))).toEqual([]);
});

function mentions(section: string, flag: string): boolean {
  return new RegExp(`(?<![\\w-])${flag}(?![\\w-])`).test(section);
}
