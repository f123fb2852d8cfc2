import { setTimeout as delay } from 'node:timers/promises';
import { LogFileReader } from './log-file-reader.ts';
import { containerLogFile, isLogEnded, newestRestartCount } from './log-files.ts';
import { logDirectory } from './pod-directory.ts';

const POLL_MS = 100;

export interface PodLogQuery {
  dataDir: string;
  namespace: string;
  pod: string;
  container: string;
  /** Go on with what is written later, over restarts of the container, until it has ended for good. */
  follow?: boolean | undefined;
  /** Only this many of the lines that are there already; absent means all. */
  tailLines?: number | undefined;
  /** The log of the start before the newest one, as far as it was written; `follow` means nothing then. False where absent. */
  previous?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export interface PodLogLine {
  /** RFC 3339 in milliseconds. */
  time: string;
  stream: 'stdout' | 'stderr';
  text: string;
}

/**
 * The newest log of a container, line by line. It need not exist yet when following; otherwise nothing comes. Ends
 * without an error when aborted.
 */
export async function* readPodLog(query: PodLogQuery): AsyncGenerator<PodLogLine, void> {
  const directory = logDirectory(query.dataDir, query.namespace, query.pod);
  const { container, follow = false, signal } = query;
  if (query.previous) {
    yield* readPrevious(directory, query);
    return;
  }
  let current: { restartCount: number; reader: LogFileReader } | undefined;
  try {
    for (;;) {
      // Asked before reading: then what was written before the answer is read for certain.
      const ended = isLogEnded(directory, container);
      const newest = newestRestartCount(directory, container);
      if (newest !== undefined) current ??= openLog(directory, container, newest, query.tailLines);
      for (const line of current?.reader.read() ?? []) yield parseLine(line);
      if (current && newest !== undefined && newest > current.restartCount) {
        current.reader.close();
        current = openLog(directory, container, current.restartCount + 1, undefined);
        continue;
      }
      if (!follow || ended || signal?.aborted) return;
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    current?.reader.close();
  }
}

/** False where the container was started only once, as far as its logs tell. */
export function hasPreviousLog({ dataDir, namespace, pod, container }: PodLogQuery): boolean {
  return previousRestartCount(logDirectory(dataDir, namespace, pod), container) !== undefined;
}

function previousRestartCount(directory: string, container: string): number | undefined {
  const newest = newestRestartCount(directory, container);
  return newest === undefined || newest === 0 ? undefined : newest - 1;
}

function* readPrevious(
  directory: string,
  { container, tailLines }: PodLogQuery,
): Generator<PodLogLine, void> {
  const restartCount = previousRestartCount(directory, container);
  if (restartCount === undefined) return;
  const { reader } = openLog(directory, container, restartCount, tailLines);
  try {
    for (const line of reader.read()) yield parseLine(line);
  } finally {
    reader.close();
  }
}

function openLog(
  directory: string,
  container: string,
  restartCount: number,
  tailLines: number | undefined,
): { restartCount: number; reader: LogFileReader } {
  return {
    restartCount,
    reader: new LogFileReader(containerLogFile(directory, container, restartCount), tailLines),
  };
}

function parseLine(line: string): PodLogLine {
  const match = /^(?<time>\S+) (?<stream>stdout|stderr) (?<text>.*)$/s.exec(line);
  const { time = '', stream, text = line } = match?.groups ?? {};
  return { time, stream: stream === 'stderr' ? 'stderr' : 'stdout', text };
}
