import { expect, it } from 'vitest';
import { isConditionTrue } from '../../../core/conditions.ts';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import { PYTORCHJOBS } from '../../../kube/resource.ts';
import type { TrainingJob } from '../../../operators/training-job/types.ts';
import { createPyTorchJobOperator } from '../../../operators/pytorchjob/pytorch-job-operator.ts';
import { eventually, KubeletHarness, NAMESPACE } from './kubelet-harness.ts';

/**
 * Rank 0 listens at MASTER_ADDR and MASTER_PORT and waits for all others; they send their rank there until they are
 * heard. Each tells where it would look for the master by each of its variables.
 */
const REPLICA = `
const net = require('node:net');
const { MASTER_ADDR: host, MASTER_PORT: port, RANK, WORLD_SIZE, PET_MASTER_ADDR, PET_MASTER_PORT } = process.env;
if (PET_MASTER_ADDR !== host || PET_MASTER_PORT !== port) throw new Error('torchrun would meet elsewhere');
console.log('master at ' + host + ':' + port);
if (RANK === '0') {
  const heard = [];
  const server = net.createServer((socket) => socket.on('data', (rank) => {
    heard.push(String(rank));
    socket.end();
    if (heard.length < WORLD_SIZE - 1) return;
    server.close();
    console.log('heard ' + heard.sort());
  }));
  server.listen(Number(port), host);
} else {
  const send = () => net.connect(Number(port), host)
    .on('error', () => setTimeout(send, 20))
    .on('connect', function () { this.write(RANK); });
  send();
}`;

/** Worker 0 is found by the endpoint of the rendezvous. */
const ELASTIC_REPLICA = `
const net = require('node:net');
const [host, port] = process.env.PET_RDZV_ENDPOINT.split(':');
console.log('rendezvous at ' + host + ':' + port);
if (process.env.HOSTNAME === 'job-worker-0') {
  const server = net.createServer((socket) => { socket.end(); server.close(); });
  server.listen(Number(port), host);
} else {
  const send = () => net.connect(Number(port), host).on('error', () => setTimeout(send, 20));
  send();
}`;

interface Manifest {
  replicas: Record<string, number>;
  program: string;
  spec?: Record<string, unknown>;
}

function pyTorchJob({ replicas, program, spec = {} }: Manifest): object {
  const container = { name: 'pytorch', image: 'torch', command: ['node', '-e', program] };
  const template = { spec: { containers: [container] } };
  const specs = Object.entries(replicas).map(([type, count]) => [type, { replicas: count, template }]);
  return { pytorchReplicaSpecs: Object.fromEntries(specs) as object, ...spec };
}

/** Runs a job to its end and gives what each of the pods has printed. */
async function logsOf(manifest: Manifest, pods: readonly string[]): Promise<string[]> {
  await using harness = new KubeletHarness({ cpuSlots: 1 }).start();
  const stop = new AbortController();
  const { client } = harness;
  const running = createPyTorchJobOperator({ client, clock: systemClock, logger: silentLogger }).run(
    stop.signal,
  );
  const metadata = { name: 'job', namespace: NAMESPACE };
  await client.create(PYTORCHJOBS, {
    ...{ apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', metadata },
    ...{ spec: pyTorchJob(manifest) },
  });
  const hasSucceeded = async (): Promise<boolean> => {
    const { status } = await client.get<TrainingJob>(PYTORCHJOBS, metadata);
    return isConditionTrue(status?.conditions, 'Succeeded');
  };
  await eventually(hasSucceeded);
  stop.abort();
  await running;
  // Processes that the end of the job has stopped have said what they had to say by then.
  await harness.stop();
  return pods.map((name) => harness.log(name, 'pytorch'));
}

it('lets the replicas of a PyTorchJob meet at the address of their master', async () => {
  const replicas = { Master: 1, Worker: 1 };
  const [master, worker] = await logsOf({ replicas, program: REPLICA }, ['job-master-0', 'job-worker-0']);
  expect(master).toMatch(/^master at 127\.0\.0\.1:\d+\nheard 1\n$/);
  expect(worker).toBe(`${master?.split('\n')[0] ?? ''}\n`);
  expect(master).not.toContain('23456');
});

it('lets elastic workers meet at the endpoint of their rendezvous', async () => {
  const manifest = { replicas: { Worker: 2 }, program: ELASTIC_REPLICA, spec: { elasticPolicy: {} } };
  const [first, second] = await logsOf(manifest, ['job-worker-0', 'job-worker-1']);
  expect(first).toMatch(/^rendezvous at 127\.0\.0\.1:\d+\n$/);
  expect(second).toBe(first);
});
