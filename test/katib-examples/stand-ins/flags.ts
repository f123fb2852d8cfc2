import { parseArgs } from 'node:util';

/**
 * The flags of the image's command, `python3 PROGRAM --name=value …`, which this process got as arguments. Ends the process
 * where the command is not the one that is stood in for, as the real program would end by an unknown flag.
 */
export function flagsOf<Name extends string>(
  program: string,
  defaults: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const [python = '', ...rest] = process.argv.slice(2);
  const words = rest[0] === '-u' ? rest.slice(1) : rest;
  if (!/^python3?$/.test(python) || words[0] !== program) {
    throw new Error(`expected python3 ${program}, got ${process.argv.slice(2).join(' ')}`);
  }
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: words.slice(1), options, strict: true });
  return { ...defaults, ...values };
}

/** A flag's value as a number, as strict as argparse. */
export function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new Error(`${text} is not a number`);
  return value;
}
