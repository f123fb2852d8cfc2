import type { CollectionTally } from './collection-tally.ts';
import { createLineSplitter } from './line-splitter.ts';
import type { LineParser, MetricReading } from './metric-reading.ts';

/** What `parser` finds in a stream of text, chunk by chunk. A stream that breaks off becomes a problem of the report. */
export async function* lineReadings(
  bytes: AsyncIterable<Uint8Array>,
  parser: LineParser,
  tally: CollectionTally,
): AsyncGenerator<MetricReading[]> {
  const splitter = createLineSplitter();
  const parseAll = (lines: readonly string[]): MetricReading[] => lines.flatMap((line) => parser.parse(line));
  for await (const chunk of bytes) yield parseAll(splitter.push(chunk));
  yield parseAll(splitter.end());
  if (splitter.cutLines > 0) tally.problem(`lines cut after 65536 characters: ${splitter.cutLines}`);
}
