import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Figure, Findings } from './harness/results.ts';
import { runExperiments, serve, untilEnded, withDataDir, withServer, type Served } from './harness/served.ts';
import { median, quantile } from './harness/statistics.ts';
import { trivialExperiment } from './harness/trivial-experiment.ts';

const PARALLEL = 8;
const STRETCHES = 10;
/** 250 MB. */
const MAX_RESIDENT_MIB = 238;
/** How much dearer the last tenth of the trials may be than the second: what else the computer does shows too. */
const MAX_GROWTH = 1.25;
const READS = 400;
const READERS = 8;

/** A stretch of the trials. */
interface Stretch {
  until: number;
  cpuMs: number;
  wallMs: number;
  residentMib: number;
}

/**
 * Ten thousand trials in one experiment: the curve of their cost, the memory of the server, how fast REST answers
 * about them, and how long the server takes to be back after `kill -9`.
 */
export async function measureTenThousand({ trials }: { trials: number }): Promise<Findings> {
  const experiment = trivialExperiment('many-trials', { trials, parallel: PARALLEL });
  // The first start ever compiles everything; from then on it is there (bin/katydid.js).
  const first = trivialExperiment('first', { trials: PARALLEL, parallel: PARALLEL });
  await withServer({ cpuSlots: PARALLEL }, (served) => runExperiments(served, [first]));
  const figures = await withDataDir(async (dataDir) => {
    const served = await serve(dataDir, { cpuSlots: PARALLEL });
    const curve = await measureCurve(served, experiment, trials);
    const memory = served.usage();
    const reads = await measureReads(served, 'many-trials');
    const afterReads = served.usage();
    await served.kill();
    return [
      ...curveFigures(curve),
      memoryFigure('memory of the server at the end (resident)', memory.residentMib),
      memoryFigure('memory of the server, the most there was until then', memory.peakMib),
      ...reads,
      { what: 'memory of the server after the reads', value: `${afterReads.residentMib.toFixed(0)} MiB` },
      ...(await measureRecovery(dataDir)),
    ];
  });
  return {
    name: 'ten-thousand-trials',
    title: `${trials.toLocaleString('en')} trials in one experiment`,
    method:
      `\`katydid serve\`, after a first start that compiled everything, runs one experiment of ${trials.toLocaleString('en')} trials that print one line, ${PARALLEL} at a time. CPU is that of the ` +
      'service without the processes of the trials. Then REST is read by eight connections, beside a bare Node.js server that ' +
      'answers the same bytes. Then the server is killed with SIGKILL and started again on the same data.',
    figures,
  };
}

async function measureCurve(
  served: Served,
  experiment: ReturnType<typeof trivialExperiment>,
  trials: number,
): Promise<Stretch[]> {
  const curve: Stretch[] = [];
  let last = { done: 0, cpuMs: served.usage().cpuMs, atMs: performance.now() };
  await runExperiments(served, [experiment], (done) => {
    if (done < ((curve.length + 1) * trials) / STRETCHES) return;
    const { cpuMs, residentMib } = served.usage();
    const atMs = performance.now();
    const count = done - last.done;
    curve.push({
      until: done,
      cpuMs: (cpuMs - last.cpuMs) / count,
      wallMs: (atMs - last.atMs) / count,
      residentMib,
    });
    last = { done, cpuMs, atMs };
  });
  return curve;
}

function curveFigures(curve: readonly Stretch[]): Figure[] {
  const growth = (curve.at(-1)?.cpuMs ?? NaN) / (curve[1]?.cpuMs ?? NaN);
  return [
    ...curve.map(({ until, cpuMs, wallMs, residentMib }) => ({
      what: `up to trial ${until.toLocaleString('en')}`,
      value: `CPU ${cpuMs.toFixed(1)} ms per trial, ${(1000 / wallMs).toFixed(1)} trials/s, ${residentMib.toFixed(0)} MiB`,
    })),
    {
      what: 'CPU per trial of the last tenth : of the second',
      value: `${growth.toFixed(2)} : 1`,
      target: { text: `≤ ${MAX_GROWTH}`, isMet: growth <= MAX_GROWTH },
    },
  ];
}

function memoryFigure(what: string, mebibytes: number): Figure {
  return {
    what,
    value: `${mebibytes.toFixed(0)} MiB`,
    target: { text: `< ${MAX_RESIDENT_MIB} MiB`, isMet: mebibytes < MAX_RESIDENT_MIB },
  };
}

async function measureReads(served: Served, name: string): Promise<Figure[]> {
  const base = `${served.restUrl}/namespaces/default/experiments/${name}`;
  const headers = { authorization: served.authorization };
  const reads = {
    'the experiment': base,
    'a page of 100 trials': `${base}/trials?limit=100`,
    'a page of 100 trials, filtered and sorted': `${base}/trials?limit=100&sort=objective&filter=${encodeURIComponent('params.x > 0.5')}`,
    'one trial': `${base}/trials/${name}-5`,
    'the metrics of one trial': `${base}/trials/${name}-5/metrics`,
  };
  const figures: Figure[] = [];
  for (const [what, url] of Object.entries(reads)) figures.push(await readFigure(what, url, headers));
  return figures;
}

async function readFigure(what: string, url: string, headers: Record<string, string>): Promise<Figure> {
  const answer = await fetch(url, { headers });
  const body = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${body.toString()}`);
  const own = await readAgainAndAgain(url, headers);
  const bare = await withBareServer(body, (bareUrl) => readAgainAndAgain(bareUrl, headers));
  return {
    what: `REST, ${what}`,
    value: `${own.perSecond.toFixed(0)} reads/s, median ${own.medianMs.toFixed(1)} ms, p99 ${own.p99Ms.toFixed(1)} ms`,
    beside: `bare server ${bare.perSecond.toFixed(0)}/s, ${(bare.perSecond / own.perSecond).toFixed(1)} : 1`,
  };
}

async function readAgainAndAgain(
  url: string,
  headers: Record<string, string>,
): Promise<{ perSecond: number; medianMs: number; p99Ms: number }> {
  const tookMs: number[] = [];
  const reader = async (): Promise<void> => {
    for (let count = 0; count < READS / READERS; count++) {
      const startedMs = performance.now();
      await (await fetch(url, { headers })).arrayBuffer();
      tookMs.push(performance.now() - startedMs);
    }
  };
  await reader();
  tookMs.length = 0;
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: READERS }, reader));
  const wallMs = performance.now() - startedMs;
  return {
    perSecond: (tookMs.length * 1000) / wallMs,
    medianMs: median(tookMs),
    p99Ms: quantile(tookMs, 0.99),
  };
}

/** A server in this process that answers every request with the bytes. */
async function withBareServer<T>(body: Buffer, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** From the start of the process to its first answers, and to the end of the first trial of a new experiment. */
async function measureRecovery(dataDir: string): Promise<Figure[]> {
  const startedMs = performance.now();
  const served = await serve(dataDir, { cpuSlots: PARALLEL });
  const listeningMs = performance.now() - startedMs;
  const next = trivialExperiment('after-the-kill', { trials: 1, parallel: 1 });
  await runExperiments(served, [next]);
  const workingMs = performance.now() - startedMs;
  await untilEnded(served, [next]);
  const { residentMib } = served.usage();
  await served.stop();
  return [
    { what: 'after kill -9: until it answers', value: `${(listeningMs / 1000).toFixed(2)} s` },
    { what: 'after kill -9: until a new trial has ended', value: `${(workingMs / 1000).toFixed(2)} s` },
    { what: 'after kill -9: memory', value: `${residentMib.toFixed(0)} MiB` },
  ];
}
