import type { Output } from '../../cli/output/output.ts';

/** What a command wrote, by stream. */
export interface RecordingOutput extends Output {
  readonly data: string[];
  readonly talk: string[];
  /** The data stream as one text. */
  text(): string;
}

/** Keeps what is written. After `closesAfter` lines of data the reader is gone. */
export function recordingOutput(options: { closesAfter?: number } = {}): RecordingOutput {
  const data: string[] = [];
  const talk: string[] = [];
  return {
    data,
    talk,
    text: () => data.join('\n'),
    out: (line) => void data.push(line),
    err: (line) => void talk.push(line),
    raw: (text) => void talk.push(text),
    isTerminal: false,
    columns: () => 80,
    get isClosed() {
      return data.length >= (options.closesAfter ?? Infinity);
    },
  };
}
