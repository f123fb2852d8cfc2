import type { Output } from '../../cli/output/output.ts';

/** A terminal that understands what a progress bar needs: line ends, carriage return, cursor up, erase below. */
export interface FakeTerminal extends Output {
  /** The lines that a person sees, from the first one ever written to the last with something in it. */
  screen(): string[];
  resize(columns: number): void;
}

const TOKEN = /\u001b\[(\d*)([A-Z])|\r|\n|[^\r\n\u001b]+/g;

export function fakeTerminal(columns: number): FakeTerminal {
  let width = columns;
  let lines = [''];
  let row = 0;
  let column = 0;

  const write = (text: string): void => {
    for (const [token, count = '', command] of text.matchAll(TOKEN)) {
      if (command === 'A') row -= Number(count || 1);
      else if (command === 'J') lines = [...lines.slice(0, row), (lines[row] ?? '').slice(0, column)];
      else if (token === '\r') column = 0;
      else if (token === '\n') [row, column] = [row + 1, 0];
      else print(token);
    }
  };
  const print = (text: string): void => {
    for (const character of text) {
      if (column === width) [row, column] = [row + 1, 0];
      const line = (lines[row] ?? '').padEnd(column);
      lines[row] = line.slice(0, column) + character + line.slice(column + 1);
      column++;
    }
  };
  return {
    screen: () => lines.join('\n').trimEnd().split('\n'),
    resize: (newWidth) => void (width = newWidth),
    out: (line) => write(`${line}\n`),
    err: (line) => write(`${line}\n`),
    raw: write,
    isTerminal: true,
    columns: () => width,
    isClosed: false,
  };
}
