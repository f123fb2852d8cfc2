/**
 * The simple commands of a shell script, each as its words without quotes. Good enough to see which programs are called,
 * not to run anything: expansions stay as they are written. Null where here-documents make it a guess.
 */
export function shellCommands(script: string): string[][] | null {
  if (script.includes('<<')) return null;
  const commands: string[][] = [[]];
  for (const token of tokens(script)) {
    if (token.isSeparator) commands.push([]);
    else commands.at(-1)?.push(token.text);
  }
  return commands.map(withoutPreamble).filter((words) => words.length > 0);
}

interface Token {
  readonly text: string;
  readonly isSeparator: boolean;
}

/** A comment; a separator of commands; a word, of which parts may be quoted. */
const TOKEN =
  /(?<=^|\s)#[^\n]*|(?<separator>[;&|\n(){}]+)|(?<word>(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|\$\{[^}]*\}|\$\([^)]*\)|[^\s;&|(){}"'\\])+)/gs;

function* tokens(script: string): Generator<Token> {
  for (const { groups } of script.replaceAll('\\\n', ' ').matchAll(TOKEN)) {
    if (groups?.['separator'] !== undefined) yield { text: '', isSeparator: true };
    else if (groups?.['word'] !== undefined) yield { text: unquoted(groups['word']), isSeparator: false };
  }
}

function unquoted(word: string): string {
  return word.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? '',
  );
}

const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const PREFIXES = new Set([
  'exec',
  'time',
  'nohup',
  'env',
  'command',
  'then',
  'do',
  'else',
  'if',
  'while',
  '!',
]);

/** What stands before the name of the program that is called. */
function withoutPreamble(words: string[]): string[] {
  const start = words.findIndex((word) => !ASSIGNMENT.test(word) && !PREFIXES.has(word));
  return start < 0 ? [] : words.slice(start);
}
