/** Where a command writes: data to `out`, talk to `err`. Injected, so that tests can read both. */
export interface Output {
  /** Writes one line of data. */
  out(line: string): void;
  /** Writes one line of talk. */
  err(line: string): void;
  /** Writes to the talk stream as it is: progress bars. */
  raw(text: string): void;
  /** The talk stream is a terminal that a progress bar may redraw. */
  readonly isTerminal: boolean;
  /** Width of that terminal in columns. */
  columns(): number;
}

export function processOutput(): Output {
  const { stdout, stderr } = process;
  ignoreBrokenPipe(stdout);
  ignoreBrokenPipe(stderr);
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    raw: (text) => void stderr.write(text),
    isTerminal: stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: () => stderr.columns,
  };
}

/** `katydid … | head` closes our output early: nobody is left to tell, so this is no error. */
function ignoreBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
