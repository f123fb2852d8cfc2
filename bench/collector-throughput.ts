/*
 * How fast the metrics collector reads output: with a metric in every line, and in hardly any.
 * `node bench/collector-throughput.ts [MiB]`; see bench/README.md.
 */
import { systemClock } from '../core/clock.ts';
import { silentLogger } from '../core/logger.ts';
import type { ObservationSink } from '../core/observation.ts';
import { openSqliteObservationStore } from '../db/sqlite/sqlite-observation-store.ts';
import type { SidecarArguments } from '../metrics-collector/sidecar-arguments.ts';
import { runSidecar, type SidecarHost } from '../metrics-collector/sidecar.ts';
import { countArgument, inMs, measure, report } from './harness/measure.ts';

const MEBIBYTE = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

const OUTPUTS = {
  'a metric in every line': 'epoch=12 loss=0.12345678 accuracy=0.98765432\n',
  'a metric in one line of 200': `${'2026-01-01 12:00:00 INFO step took 123 ms, loading batch\n'.repeat(199)}loss=0.5\n`,
};

const mebibytes = countArgument(0, 16);
for (const [what, text] of Object.entries(OUTPUTS)) {
  await tell(`${what}, parsed`, text, discardingSink());
  const store = openSqliteObservationStore({ path: ':memory:', logger: silentLogger });
  await tell(`${what}, parsed and stored`, text, store);
  await store.close();
}

async function tell(what: string, text: string, sink: ObservationSink): Promise<void> {
  const { wallMs, cpuMs } = await measure(() => collect(text, sink));
  const perSecond = mebibytes / (wallMs / 1000);
  const bytesPerLine = text.length / (text.split('\n').length - 1);
  const each = (wallMs * 1000) / ((mebibytes * MEBIBYTE) / bytesPerLine);
  report(what, `${perSecond.toFixed(1)} MiB/s, ${each.toFixed(2)} µs per line, CPU ${inMs(cpuMs)}`);
}

async function collect(text: string, sink: ObservationSink): Promise<void> {
  const ended = new AbortController();
  const host: SidecarHost = {
    containerOutput: () => outputOf(text),
    resolvePath: (path) => path,
    env: () => 'bench',
    mainEnded: ended.signal,
    signal: new AbortController().signal,
    clock: systemClock,
  };
  const args: SidecarArguments = {
    trialName: 'bench',
    trialUid: 'bench',
    kind: 'StdOut',
    container: 'main',
    path: null,
    metrics: ['loss', 'accuracy'],
    format: 'TEXT',
    filters: [],
    primaryPodLabels: [],
  };
  await runSidecar(args, host, sink, silentLogger);
}

async function* outputOf(text: string): AsyncGenerator<Uint8Array> {
  const block = Buffer.from(text.repeat(Math.ceil(MEBIBYTE / text.length)));
  for (let left = mebibytes * MEBIBYTE; left > 0; left -= CHUNK_BYTES) {
    const from = (mebibytes * MEBIBYTE - left) % (block.length - CHUNK_BYTES);
    yield block.subarray(from, from + CHUNK_BYTES);
    await Promise.resolve();
  }
}

function discardingSink(): ObservationSink {
  const taken = (): Promise<void> => Promise.resolve();
  return { report: taken, finish: taken, discard: taken };
}
