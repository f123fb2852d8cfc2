import type { Argument, Command, Option } from 'commander';

/** What a shell offers for a word. `files` and `directories` are for the shell to find. */
export type Completion = { kind: 'words'; words: string[] } | { kind: 'files' } | { kind: 'directories' };

/** Names that only the data directory knows. Never rejects: a shell that waits for a word is no place for errors. */
export interface KnownNames {
  experiments(dataDir: string | undefined): Promise<string[]>;
  trials(dataDir: string | undefined): Promise<string[]>;
}

const NOTHING: Completion = { kind: 'words', words: [] };

/** What the last of `typed` may become. `typed` is a command line without the program's name; its last word may be empty. */
export async function complete(
  root: Command,
  typed: readonly string[],
  names: KnownNames,
): Promise<Completion> {
  const word = typed.at(-1) ?? '';
  const line = readLine(root, typed.slice(0, -1));
  if (line.awaiting) return startingWith(word, await valuesOf(line.awaiting, line, names));
  const [flag = '', value] = splitAtEquals(word);
  const option = value === undefined ? undefined : optionOf(line.command, flag);
  if (option && value !== undefined) {
    const values = await valuesOf(option, line, names);
    if (values.kind !== 'words') return values;
    return startingWith(word, { kind: 'words', words: values.words.map((text) => `${flag}=${text}`) });
  }
  if (word.startsWith('-')) return startingWith(word, { kind: 'words', words: flagsOf(line.command) });
  if (line.command === root)
    return startingWith(word, {
      kind: 'words',
      words: visibleCommands(root).map((command) => command.name()),
    });
  const argument = argumentAt(line.command, line.positional.length);
  return argument ? startingWith(word, await valuesOf(argument, line, names)) : NOTHING;
}

/** What a command line says before the word that is completed. */
interface Line {
  command: Command;
  positional: string[];
  dataDir: string | undefined;
  /** The option whose value comes next. */
  awaiting: Option | undefined;
}

function readLine(root: Command, words: readonly string[]): Line {
  const line: Line = { command: root, positional: [], dataDir: undefined, awaiting: undefined };
  for (const word of words) {
    if (line.awaiting) {
      if (line.awaiting.long === DATA_DIR) line.dataDir = word;
      line.awaiting = undefined;
    } else if (word.startsWith('-')) readFlag(line, word);
    else if (line.command === root) line.command = subcommand(root, word) ?? root;
    else line.positional.push(word);
  }
  return line;
}

const DATA_DIR = '--data-dir';

function readFlag(line: Line, word: string): void {
  const [flag = '', value] = splitAtEquals(word);
  const option = optionOf(line.command, flag);
  if (value === undefined) line.awaiting = option?.required ? option : undefined;
  else if (option?.long === DATA_DIR) line.dataDir = value;
}

/** The flag and, where the word has one, its value. */
function splitAtEquals(word: string): string[] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function subcommand(root: Command, name: string): Command | undefined {
  return root.commands.find((command) => command.name() === name);
}

function visibleCommands(root: Command): readonly Command[] {
  return root.createHelp().visibleCommands(root);
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ short, long }) => flag !== '' && (flag === short || flag === long));
}

function flagsOf(command: Command): string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short }) => long ?? short ?? []);
}

/** The last argument of a command may take all that follow. */
function argumentAt(command: Command, place: number): Argument | undefined {
  const { registeredArguments: known } = command;
  const last = known.at(-1);
  return known[place] ?? (last?.variadic ? last : undefined);
}

async function valuesOf(of: Option | Argument, line: Line, names: KnownNames): Promise<Completion> {
  if (of.argChoices) return { kind: 'words', words: [...of.argChoices] };
  switch (valueName(of)) {
    case 'file':
      return { kind: 'files' };
    case 'dir':
      return { kind: 'directories' };
    case 'experiment':
      return { kind: 'words', words: await names.experiments(line.dataDir) };
    case 'trial':
      return { kind: 'words', words: await names.trials(line.dataDir) };
    case 'name':
      return { kind: 'words', words: await namesFor(of, line, names) };
    default:
      return NOTHING;
  }
}

/** As the help shows it: `file` of `--config <file>`; of an argument, its name. */
function valueName(of: Option | Argument): string | undefined {
  return 'long' in of ? /[<[]([a-z-]+)/.exec(of.flags)?.[1] : of.name();
}

/** Names without a further word: of an experiment, of a trial, or of either. */
async function namesFor(of: Option | Argument, line: Line, names: KnownNames): Promise<string[]> {
  const experiments = (): Promise<string[]> => names.experiments(line.dataDir);
  const trials = (): Promise<string[]> => names.trials(line.dataDir);
  if ('long' in of) return of.long === '--experiment' ? experiments() : [];
  const kind = line.positional[0] ?? '';
  if (line.command.name() === 'get') return kind.startsWith('trial') ? trials() : experiments();
  return [...(await experiments()), ...(await trials())];
}

function startingWith(word: string, completion: Completion): Completion {
  if (completion.kind !== 'words') return completion;
  return { kind: 'words', words: completion.words.filter((candidate) => candidate.startsWith(word)) };
}
