/*
 * What a trial costs beyond the process that it runs: a trivial Job trial, beside the same process started without any
 * service, in turns within one run. `npm run bench [-- trials]`; see bench/README.md.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../core/logger.ts';
import { EXPERIMENTS } from '../kube/resource.ts';
import { EMPTY_IMAGE_MAP } from '../local/kubelet/image-map.ts';
import { openEmbedded, type Embedded } from '../cli/embedded.ts';
import { dataDirectory } from '../cli/data-directory.ts';
import { countArgument, inMs, measure, medianCost, report, type Cost } from './harness/measure.ts';
import { TRIVIAL_COMMAND, trivialExperiment } from './harness/trivial-experiment.ts';

const ROUNDS = 5;
const WARM_UP_TRIALS = 20;
const PARALLEL = 4;
const TARGET_CPU_MS = 100;

const perRound = Math.ceil(countArgument(0, 200) / ROUNDS);
const folder = mkdtempSync(join(tmpdir(), 'katydid-bench-'));
try {
  await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const started: { service?: Embedded } = {};
  const startUp = await measure(async () => {
    started.service = openEmbedded({
      directory: dataDirectory(folder),
      imageMap: EMPTY_IMAGE_MAP,
      logger: silentLogger,
    });
    started.service.start({ reportUrl: () => null });
    await runTrials(started.service, 'first', 1);
  });
  const { service } = started;
  if (!service) return;
  try {
    await runTrials(service, 'warm-up', WARM_UP_TRIALS);
    await runBare(WARM_UP_TRIALS);
    tell(startUp, await inTurns(service));
  } finally {
    await service.stop();
  }
}

interface Comparison {
  bare: Cost;
  served: Cost;
  oneByOne: Cost;
}

/** In turns, so that whatever slows the computer down for a while slows both down. */
async function inTurns(service: Embedded): Promise<Comparison> {
  const bare: Cost[] = [];
  const served: Cost[] = [];
  const oneByOne: Cost[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(perTrial(await measure(() => runBare(perRound))));
    served.push(perTrial(await measure(() => runTrials(service, `parallel-${round}`, perRound, PARALLEL))));
    oneByOne.push(perTrial(await measure(() => runTrials(service, `one-by-one-${round}`, perRound))));
  }
  return { bare: medianCost(bare), served: medianCost(served), oneByOne: medianCost(oneByOne) };
}

function perTrial({ cpuMs, wallMs }: Cost): Cost {
  return { cpuMs: cpuMs / perRound, wallMs: wallMs / perRound };
}

function tell(startUp: Cost, { bare, served, oneByOne }: Comparison): void {
  const overheadMs = served.cpuMs - bare.cpuMs;
  report('trials', `${ROUNDS} rounds of ${perRound}; figures are medians of the rounds`);
  report('start-up to the end of a first trial', `${inMs(startUp.wallMs)}, CPU ${inMs(startUp.cpuMs)}`);
  report('bare process, CPU', `${inMs(bare.cpuMs)}, wall ${inMs(bare.wallMs)}`);
  report(`trial, ${PARALLEL} at a time, CPU`, `${inMs(served.cpuMs)}, wall ${inMs(served.wallMs)}`);
  report('trial, one by one, CPU', `${inMs(oneByOne.cpuMs)}, wall ${inMs(oneByOne.wallMs)}`);
  report('trial : bare process, CPU', `${(served.cpuMs / bare.cpuMs).toFixed(1)} : 1`);
  report('overhead per trial, CPU', `${inMs(overheadMs)} (target: at most ${TARGET_CPU_MS} ms)`);
  report('peak memory of the service', `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
  if (overheadMs > TARGET_CPU_MS) process.exitCode = 1;
}

async function runTrials({ client }: Embedded, name: string, count: number, parallel = 1): Promise<void> {
  await client.create(EXPERIMENTS, trivialExperiment(name, count, Math.min(parallel, count)));
  const end = new AbortController();
  const where = { namespace: 'default', fieldSelector: `metadata.name=${name}`, signal: end.signal };
  for await (const event of client.watch(EXPERIMENTS, where)) {
    if (event.type === 'BOOKMARK' || event.object.status?.completionTime == null) continue;
    if (event.object.status.trialsSucceeded !== count)
      throw new Error(`${name} did not run through: ${JSON.stringify(event.object.status.conditions)}`);
    end.abort();
  }
}

async function runBare(count: number): Promise<void> {
  const [program, ...args] = TRIVIAL_COMMAND;
  for (let index = 0; index < count; index++) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    await new Promise((resolve) => child.on('close', resolve));
  }
}
