import { Argument, Command } from 'commander';
import { complete, type Completion, type KnownNames } from '../completion/complete.ts';
import {
  COMPLETE_COMMAND,
  COMPLETION_SCRIPTS,
  DIRECTORIES,
  FILES,
  SHELLS,
  type Shell,
} from '../completion/scripts.ts';
import { dataDirectory, DEFAULT_DATA_DIR } from '../data-directory.ts';
import { openResults, type Results } from '../open-results.ts';
import type { Output } from '../output/output.ts';

const INSTALLATION = `
Examples:
  source <(katydid completion bash)        in ~/.bashrc
  source <(katydid completion zsh)         in ~/.zshrc, after compinit
  katydid completion fish | source         in ~/.config/fish/config.fish`;

export function completionCommand(output: Output): Command {
  return new Command('completion')
    .description('a script that makes a shell complete commands, options, files and names')
    .addArgument(new Argument('<shell>', 'the shell that is to run it').choices(SHELLS))
    .addHelpText('after', INSTALLATION)
    .action((shell: Shell) => output.out(COMPLETION_SCRIPTS[shell].trim()));
}

/** What the scripts ask. Its words are a command line as far as it is typed, after `--`. */
export function completeCommand(output: Output): Command {
  return new Command(COMPLETE_COMMAND)
    .argument('[words...]')
    .action(async (typed: string[], _options: unknown, { parent }: Command) => {
      if (!parent) return;
      for (const line of linesOf(await complete(parent, typed, namesOfDirectory))) output.out(line);
    });
}

function linesOf(completion: Completion): string[] {
  if (completion.kind === 'files') return [FILES];
  return completion.kind === 'directories' ? [DIRECTORIES] : completion.words;
}

const namesOfDirectory: KnownNames = {
  experiments: (dataDir) =>
    namesFrom(dataDir, async (results) => namesOf(await results.experiments(undefined))),
  trials: (dataDir) => namesFrom(dataDir, async (results) => namesOf(await results.trials(undefined))),
};

function namesOf(objects: readonly { metadata: { name: string } }[]): string[] {
  return objects.map(({ metadata }) => metadata.name);
}

async function namesFrom(
  dataDir: string | undefined,
  read: (results: Results) => Promise<string[]>,
): Promise<string[]> {
  try {
    const results = openResults(
      dataDirectory(dataDir ?? process.env['KATYDID_DATA_DIR'] ?? DEFAULT_DATA_DIR),
    );
    try {
      return await read(results);
    } finally {
      await results.close();
    }
  } catch {
    // Nothing has run there yet, or it cannot be read: whatever the user types next says so.
    return [];
  }
}
