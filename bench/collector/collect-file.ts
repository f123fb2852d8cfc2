/*
 * Collects one file in a process of its own, so that its memory is that of the collector alone:
 * `node bench/collector/collect-file.ts FILE [DATABASE]`. Without a database what was found is thrown away. Prints a CollectedFile.
 */
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import type { ObservationSink } from '../../core/observation.ts';
import { openSqliteObservationStore } from '../../db/sqlite/sqlite-observation-store.ts';
import { runSidecar } from '../../metrics-collector/sidecar.ts';
import { measure, type Cost } from '../harness/measure.ts';

export interface CollectedFile extends Cost {
  observations: number;
  /** The most memory that the process ever had, and what it had before it began; in MiB. */
  peakMib: number;
  idleMib: number;
}

const [file = '', database] = process.argv.slice(2);
const store =
  database === undefined ? null : openSqliteObservationStore({ path: database, logger: silentLogger });
let observations = 0;
const sink: ObservationSink = {
  report: (source, batch) => {
    observations += batch.length;
    return store?.report(source, batch) ?? Promise.resolve();
  },
  finish: (source, report) => store?.finish(source, report) ?? Promise.resolve(),
  discard: (source) => store?.discard(source) ?? Promise.resolve(),
};
const idleMib = process.memoryUsage.rss() / 1024 ** 2;
const cost = await measure(collect);
await store?.close();
const collected: CollectedFile = {
  ...cost,
  observations,
  peakMib: process.resourceUsage().maxRSS / 1024,
  idleMib,
};
console.log(JSON.stringify(collected));

function collect(): Promise<void> {
  const host = {
    containerOutput: () => nothing(),
    resolvePath: (path: string) => path,
    env: () => 'bench',
    mainEnded: AbortSignal.abort(),
    signal: new AbortController().signal,
    clock: systemClock,
  };
  const args = {
    trialName: 'bench',
    trialUid: 'bench',
    kind: 'File',
    container: 'main',
    path: file,
    metrics: ['loss', 'accuracy'],
    format: 'TEXT',
    filters: [],
    primaryPodLabels: [],
  } as const;
  return runSidecar(args, host, sink, silentLogger);
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // The file is all there is.
}
