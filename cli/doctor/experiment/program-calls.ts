import { posix } from 'node:path';
import { shellCommands } from './shell-words.ts';

/** An interpreter that a command calls, and what it is to run. Null for what is not said, or not known beforehand. */
export interface ProgramCall {
  /** With which the interpreter itself can be called: its name, after what stands before it (`conda run -n tf python`). */
  readonly interpreter: readonly string[];
  readonly language: Language;
  readonly script: string | null;
  readonly code: string | null;
  readonly module: string | null;
  /** It stands in a script of a shell, which finds programs by itself and may never come there. */
  readonly isInShellScript: boolean;
}

export type Language = 'python' | 'shell' | 'node';

const LANGUAGES: readonly [RegExp, Language][] = [
  [/^python[\d.]*$/, 'python'],
  [/^(?:ba|z|k|da|a)?sh$/, 'shell'],
  [/^node$/, 'node'],
];

/** Options whose value is the next word. */
const OPTIONS_WITH_VALUE: Readonly<Record<Language, RegExp>> = {
  python: /^-[WX]$/,
  shell: /^[-+]o$/,
  node: /^(?:-r|--require|--import|--loader|--conditions|-C)$/,
};

/** The calls that a command (a program and its arguments) makes, in the order in which they are written. */
export function programCalls(words: readonly string[], isInShellScript = false): ProgramCall[] {
  const at = words.findIndex((word) => languageOf(word) !== undefined);
  const language = languageOf(words[at] ?? '');
  if (language === undefined || (isInShellScript && at > 0)) return [];
  const interpreter = words.slice(0, at + 1);
  const call = { interpreter, language, isInShellScript, ...argumentsOf(language, words.slice(at + 1)) };
  if (language !== 'shell' || call.code === null) return [call];
  return [call, ...callsOfScript(call.code)];
}

function callsOfScript(script: string): ProgramCall[] {
  const commands = shellCommands(script) ?? [];
  const changesDirectory = commands.some(([name]) => name === 'cd' || name === 'pushd');
  const calls = commands.flatMap((words) => programCalls(words, true));
  // Somewhere else a relative path means something else.
  return changesDirectory ? calls.map((call) => ({ ...call, script: null })) : calls;
}

function languageOf(word: string): Language | undefined {
  const name = posix.basename(word);
  return LANGUAGES.find(([pattern]) => pattern.test(name))?.[1];
}

type Arguments = Pick<ProgramCall, 'script' | 'code' | 'module'>;
const NOTHING: Arguments = { script: null, code: null, module: null };

function argumentsOf(language: Language, words: readonly string[]): Arguments {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const next = known(words[at + 1]);
    if (!/^[-+]./.test(word)) return { ...NOTHING, script: known(word) };
    if (isCodeOption(language, word)) return { ...NOTHING, code: words[at + 1] ?? null };
    if (language === 'python' && word === '-m') return { ...NOTHING, module: next };
    if (OPTIONS_WITH_VALUE[language].test(word)) at++;
  }
  return NOTHING;
}

function isCodeOption(language: Language, word: string): boolean {
  if (language === 'node') return /^(?:-e|-p|-pe|--eval|--print)$/.test(word);
  return /^-[A-Za-z]*c$/.test(word);
}

/** What an expansion becomes is not known here. */
function known(word: string | undefined): string | null {
  return word === undefined || /[$`*?]/.test(word) ? null : word;
}
