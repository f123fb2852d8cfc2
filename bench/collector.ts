import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CollectedFile } from './collector/collect-file.ts';
import type { Figure, Findings } from './harness/results.ts';
import { withDataDir } from './harness/served.ts';

const COLLECT = fileURLToPath(new URL('collector/collect-file.ts', import.meta.url));
/** As in the service, where collectors run. */
const SMALL_HEAP = new URL('../bin/small-heap.js', import.meta.url).href;
const MEBIBYTE = 1024 ** 2;

/** Of Katib's collector for files, measured on a log of 200 MB with a metric in every line. */
const KATIB = { mbPerSecond: 38, peakMb: 841 };
/** A collector runs beside every trial: it may take no more than this, however long the log is. */
const MOST_MIB = 200;

interface Log {
  what: string;
  mebibytes: number;
  /** Repeated until the file is full. */
  text: string;
}

function logsOf(mebibytes: number): Log[] {
  const noise = '2026-01-01 12:00:00 INFO step took 123 ms, loading batch\n'.repeat(199);
  const bar = `\rEpoch 3:  45%|████▌     | 450/1000 [00:12<00:15, 36.5it/s, loss=0.512]`;
  return [
    { what: 'a metric in every line', mebibytes, text: 'epoch=12 loss=0.12345678 accuracy=0.98765432\n' },
    { what: 'a metric in one line of 200', mebibytes: mebibytes * 5, text: `${noise}loss=0.5\n` },
    { what: 'a progress bar without line ends', mebibytes, text: bar },
  ];
}

/** How fast logs are read, how much memory that takes, and what `grep -E` needs for the same file. */
export async function measureCollector({ mebibytes }: { mebibytes: number }): Promise<Findings> {
  const figures = await withDataDir((folder) =>
    Promise.resolve(logsOf(mebibytes).flatMap((log) => figuresOf(log, folder))),
  );
  return {
    name: 'collector',
    title: 'The metrics collector',
    method:
      'Each log lies on the disk (and in the cache of the system) when the collector begins; it runs in a process of its own, from its first byte read to its last ' +
      'value stored. Parsed means that the values are thrown away, stored that they are in an SQLite file. Beside it: `grep -E` with an expression for the same ' +
      `names and values, which only finds the lines. Katib's collector for files, measured elsewhere on a log of 200 MB with a metric in every line: ` +
      `${KATIB.mbPerSecond} MB/s and ${KATIB.peakMb} MB of memory; it loses all values of a log that has more than 65,535 fields to store.`,
    figures,
  };
}

function figuresOf(log: Log, folder: string): Figure[] {
  const file = join(folder, 'training.log');
  const database = join(folder, 'observations.db');
  writeLog(file, log);
  const grep = grepSeconds(file);
  const parsed = collect(file);
  const stored = collect(file, database);
  const megabytes = (log.mebibytes * MEBIBYTE) / 1e6;
  const speed = (what: string, { wallMs }: CollectedFile): Figure => {
    const seconds = wallMs / 1000;
    return {
      what: `${log.what}: ${what}`,
      value: `${(megabytes / seconds).toFixed(1)} MB/s`,
      beside: `grep -E ${(megabytes / grep).toFixed(0)} MB/s, ${(seconds / grep).toFixed(2)} : 1`,
    };
  };
  rmSync(database, { force: true });
  return [
    speed('parsed', parsed),
    speed('stored', stored),
    {
      what: `${log.what}: values stored`,
      value: `${stored.observations.toLocaleString('en')}, ${Math.round((stored.observations * 1000) / stored.wallMs).toLocaleString('en')}/s`,
    },
    {
      what: `${log.what}: most memory`,
      value: `${stored.peakMib.toFixed(0)} MiB for ${log.mebibytes} MiB of log`,
      beside: `before the first byte ${stored.idleMib.toFixed(0)} MiB`,
      target: { text: `< ${MOST_MIB} MiB`, isMet: stored.peakMib < MOST_MIB },
    },
  ];
}

function writeLog(file: string, { text, mebibytes }: Log): void {
  const block = Buffer.from(text.repeat(Math.ceil(MEBIBYTE / text.length)));
  const open = openSync(file, 'w');
  for (let left = mebibytes * MEBIBYTE; left > 0; left -= block.length)
    writeSync(open, block, 0, Math.min(left, block.length));
  closeSync(open);
}

function collect(file: string, ...database: string[]): CollectedFile {
  const args = ['--import', SMALL_HEAP, COLLECT, file, ...database];
  const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
  return JSON.parse(printed) as CollectedFile;
}

function grepSeconds(file: string): number {
  const startedMs = performance.now();
  const pattern = String.raw`(loss|accuracy)\s*=\s*[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?`;
  execFileSync('grep', ['-E', '-c', pattern, file], { env: { ...process.env, LC_ALL: 'C' } });
  return (performance.now() - startedMs) / 1000;
}
