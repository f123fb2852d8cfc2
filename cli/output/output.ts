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
  /** Whoever read the data has gone (`| head`): more of it is of no use. */
  readonly isClosed: boolean;
}

const DEFAULT_COLUMNS = 80;

export function processOutput(): Output {
  const { stdout, stderr } = process;
  let isClosed = false;
  ignoreLostReader(stdout, () => (isClosed = true));
  ignoreLostReader(stderr, () => undefined);
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    raw: (text) => void stderr.write(text),
    isTerminal: stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: () => (stderr.columns > 0 ? stderr.columns : DEFAULT_COLUMNS),
    get isClosed() {
      return isClosed;
    },
  };
}

/** A pipe whose reader has ended (`katydid … | head`), or a terminal that was closed. */
const LOST_READER: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ENXIO', 'ECONNRESET']);

/** Nobody is left to tell, so this is no error: a run goes on, or stops in good order after its SIGHUP. */
function ignoreLostReader(stream: NodeJS.WriteStream, onLost: () => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!LOST_READER.has(error.code)) throw error;
    onLost();
  });
}
