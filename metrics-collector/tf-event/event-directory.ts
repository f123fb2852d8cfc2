import { readdir } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { errorMessage } from '../../core/errors.ts';
import type { CollectionTally } from '../collection-tally.ts';
import type { MetricReading } from '../metric-reading.ts';
import type { Poll } from '../poll.ts';
import { createEventFile, type EventFile } from './event-file.ts';
import type { ScalarEvent } from './event.ts';
import { metricsOfTag } from './tag-match.ts';

/** What every writer of event files puts into their names. */
const FILE_MARK = 'tfevents';

export interface EventDirectoryOptions {
  /** Where the directory is here. */
  path: string;
  /** Its path inside the pod, which metric names like `train/accuracy` refer to. */
  podPath: string;
  metrics: readonly string[];
  poll: Poll;
  tally: CollectionTally;
}

/**
 * The metrics in the event files of a directory and the directories in it, while files appear and grow. Ends with the
 * poll, after a last reading.
 */
export async function* eventReadings(options: EventDirectoryOptions): AsyncGenerator<MetricReading[]> {
  const { path, poll, tally } = options;
  const files = new Map<string, EventFile>();
  while (await poll.next()) {
    for (const name of await listEventFiles(path, tally)) {
      const problem = (description: string): void => tally.problem(`${name}: ${description}`);
      const file = files.get(name) ?? createEventFile(join(path, name), problem);
      files.set(name, file);
      yield* fileReadings(file, name, options);
    }
  }
  if (files.size === 0) tally.problem(`no event file (*${FILE_MARK}*) appeared in ${options.podPath}`);
  for (const [name, file] of files) {
    if (file.isInsideRecord) tally.problem(`${name}: ends inside a record`);
  }
}

/** In alphabetical order, relative to `path`. A directory that does not exist is one without files. */
async function listEventFiles(path: string, tally: CollectionTally): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && entry.name.includes(FILE_MARK))
      .map((entry) => relative(path, join(entry.parentPath, entry.name)))
      .toSorted();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) tally.problem(`cannot list the directory: ${errorMessage(error)}`);
    return [];
  }
}

async function* fileReadings(
  file: EventFile,
  name: string,
  { podPath, metrics, tally }: EventDirectoryOptions,
): AsyncGenerator<MetricReading[]> {
  const directory = posix.dirname(posix.join(podPath, ...name.split(sep)));
  try {
    for await (const events of file.readNew()) {
      yield events.flatMap((event) => readingsOf(event, directory, metrics, tally));
    }
  } catch (error) {
    tally.problem(`${name}: cannot be read: ${errorMessage(error)}`);
  }
}

function readingsOf(
  event: ScalarEvent,
  directory: string,
  metrics: readonly string[],
  tally: CollectionTally,
): MetricReading[] {
  const { step, timeMs } = event;
  tally.countRead();
  return event.scalars.flatMap(({ tag, value }) => {
    const matching = metricsOfTag(tag, directory, metrics);
    if (matching.length === 0) tally.countOther(tag);
    return matching.map((metric) => {
      tally.countFound(metric);
      return { metric, value, step, timeMs };
    });
  });
}
