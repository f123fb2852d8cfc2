import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';

const TRAIN = fileURLToPath(new URL('../../../examples/digits/train.ts', import.meta.url));

/** How a program ended, and all that it printed. */
export interface ProgramEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

export type Environment = Readonly<Record<string, string>>;

const running = new Set<ChildProcess>();

/** Ends what a failed test has left. */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs a program with this Node to its end. */
export function runProgram(args: readonly string[], environment: Environment = {}): Promise<ProgramEnd> {
  return endOf(startProgram(args, environment));
}

/** Runs the whole training in one process. */
export function trainAlone(flags: readonly string[], environment: Environment = {}): Promise<ProgramEnd> {
  return runProgram([TRAIN, ...flags], environment);
}

export type ReplicaName = 'chief 0' | 'ps 0' | 'ps 1' | 'worker 0' | 'worker 1';

export interface Job {
  readonly replicas: readonly ReplicaName[];
  readonly flags: readonly string[];
  readonly environment?: Environment;
  /** A replica that TF_CONFIG lists and that is never started. */
  readonly absent?: ReplicaName;
  /** A replica that is killed when the chief prints its first metrics. */
  readonly victim?: ReplicaName;
}

/** Runs the replicas of a training side by side, each with its TF_CONFIG, until all have ended. */
export async function runJob(job: Job): Promise<Partial<Record<ReplicaName, ProgramEnd>>> {
  const cluster = await freeAddresses(job.replicas);
  const started = job.replicas.filter((replica) => replica !== job.absent);
  const children = new Map(
    started.map((replica) => {
      const environment = { ...job.environment, TF_CONFIG: tfConfig(cluster, replica) };
      return [replica, startProgram([TRAIN, ...job.flags], environment)];
    }),
  );
  const { victim } = job;
  if (victim) children.get('chief 0')?.stdout?.once('data', () => children.get(victim)?.kill('SIGKILL'));
  const ends = [...children].map(async ([replica, child]) => [replica, await endOf(child)] as const);
  return Object.fromEntries(await Promise.all(ends));
}

function startProgram(args: readonly string[], environment: Environment): ChildProcess {
  const clean = { ...process.env, TF_CONFIG: undefined, modelDir: undefined, exportDir: undefined };
  const child = spawn(process.execPath, args, { env: { ...clean, ...environment } });
  running.add(child);
  return child;
}

async function endOf(child: ChildProcess): Promise<ProgramEnd> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  await once(child, 'close');
  running.delete(child);
  return { exitCode: child.exitCode, stdout: linesOf(texts.stdout), stderr: linesOf(texts.stderr) };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** TF_CONFIG's cluster, with a free port of this computer for each replica. */
async function freeAddresses(replicas: readonly ReplicaName[]): Promise<Record<string, string[]>> {
  const servers = await Promise.all(replicas.map(listenSomewhere));
  const cluster: Record<string, string[]> = {};
  servers.forEach((server, index) => {
    const type = replicas[index]?.split(' ')[0] ?? '';
    (cluster[type] ??= []).push(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.close();
  });
  return cluster;
}

async function listenSomewhere(): Promise<Server> {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return server;
}

function tfConfig(cluster: Record<string, string[]>, replica: ReplicaName): string {
  const [type, index] = replica.split(' ');
  return JSON.stringify({ cluster, task: { type, index: Number(index) }, environment: 'cloud' });
}
