import type { CollectionTally } from './collection-tally.ts';
import { createLineSplitter, MAX_LINE_LENGTH } from './line-splitter.ts';
import type { LineParser, MetricReading } from './metric-reading.ts';

/** What `parser` finds in a stream of text, chunk by chunk. A stream that breaks off becomes a problem of the report. */
export async function* lineReadings(
  bytes: AsyncIterable<Uint8Array>,
  parser: LineParser,
  tally: CollectionTally,
): AsyncGenerator<MetricReading[]> {
  const splitter = createLineSplitter();
  for await (const chunk of bytes) yield parser.parse(splitter.push(chunk));
  yield parser.parse(splitter.end());
  if (splitter.cutLines > 0)
    tally.problem(`lines cut after ${MAX_LINE_LENGTH} characters: ${splitter.cutLines}`);
}
