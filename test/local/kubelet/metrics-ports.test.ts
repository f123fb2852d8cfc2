import { once as onceEmitted } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Container, PodSpec } from '../../../core/pod.ts';
import { listensOn } from '../../../local/kubelet/listening-sockets.ts';
import { collectorContainer } from './collector-fixture.ts';
import { eventually, isFinished, KubeletHarness, once } from './kubelet-harness.ts';

/** Serves `loss` until it has been asked twice, or `ASKS` times: first the value of `LOSS`, then twice as much, and so on. */
const TRAINING = `
const http = require('node:http');
let asked = 0;
const server = http.createServer((request, response) => {
  asked++;
  response.end('# TYPE loss gauge\\nloss ' + Number(process.env.LOSS) * asked + '\\n', () => {
    if (asked === Number(process.env.ASKS || 2)) setTimeout(() => process.exit(0), 50);
  });
});
server.listen(Number(process.env.PORT || process.argv[1]), '127.0.0.1');
`;

/** `port` is the one that the experiment names. */
function trial(port: number, more: Partial<Container> & { loss: number; listensOn?: number }): PodSpec {
  const { loss, listensOn: own, ...rest } = more;
  const told = { name: 'KATYDID_METRICS_PORT', value: String(port) };
  const container: Container = {
    name: 'main',
    image: 'none',
    command: [process.execPath, '-e', TRAINING],
    env: [
      told,
      { name: 'LOSS', value: String(loss) },
      { name: 'PORT', value: own === undefined ? '$(KATYDID_METRICS_PORT)' : String(own) },
    ],
    ...rest,
  };
  const http = { url: `http://127.0.0.1:${port}/metrics`, headers: [] };
  return once(container, {
    initContainers: [collectorContainer('main', { kind: 'PrometheusMetric', http })],
  });
}

function values(harness: KubeletHarness, pod: string): number[] {
  return (harness.sink.observations.get(`${pod}/main`) ?? []).map(({ value }) => value);
}

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await onceEmitted(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await listen();
  server.close();
  await onceEmitted(server, 'close');
  return port;
}

describe('trainings that serve their metrics', () => {
  it('are told a port each, and are read side by side', async () => {
    await using harness = new KubeletHarness().start();
    const port = await freePort();
    const pods = await Promise.all([
      harness.finish(trial(port, { loss: 1 }), { name: 'pod-0' }),
      harness.finish(trial(port, { loss: 10 }), { name: 'pod-1' }),
    ]);
    expect(pods.map(({ status }) => status?.phase)).toEqual(['Succeeded', 'Succeeded']);
    expect(values(harness, 'pod-0')).toEqual([1, 2]);
    expect(values(harness, 'pod-1')).toEqual([10, 20]);
  });

  it('may take the port from their arguments', async () => {
    await using harness = new KubeletHarness().start();
    const command = [process.execPath, '-e', TRAINING];
    const env = [
      { name: 'KATYDID_METRICS_PORT', value: '8080' },
      { name: 'LOSS', value: '3' },
    ];
    const args = ['$(KATYDID_METRICS_PORT)'];
    await harness.finish(trial(8080, { loss: 3, command, args, env }), { name: 'pod-0' });
    expect(values(harness, 'pod-0')).toEqual([3, 6]);
  });

  it('begin again after an interruption: what they had reported is forgotten', async () => {
    await using harness = new KubeletHarness().start();
    const spec = trial(8080, { loss: 1 });
    // Time enough to interrupt it.
    spec.containers[0]?.env?.push({ name: 'ASKS', value: '4' });
    await harness.create(spec, { name: 'pod-0' });
    await eventually(() => values(harness, 'pod-0').length > 0);
    await harness.stop();
    harness.start();
    await harness.until('pod-0', isFinished);
    expect(harness.sink.calls).toContain('discard pod-0/main');
    expect(values(harness, 'pod-0')).toEqual([1, 2, 3, 4]);
  });

  it.runIf(process.platform === 'linux')('are found on the port that the experiment names, too', async () => {
    await using harness = new KubeletHarness().start();
    const port = await freePort();
    await harness.finish(trial(port, { loss: 1, listensOn: port }), { name: 'pod-0' });
    expect(values(harness, 'pod-0')).toEqual([1, 2]);
  });

  it.runIf(process.platform === 'linux')('are not mistaken for another program on that port', async () => {
    await using harness = new KubeletHarness().start();
    const { server, port } = await listen();
    const command = ['sh', '-c', 'sleep 0.3'];
    await harness.finish(trial(port, { loss: 1, command }), { name: 'pod-0' });
    server.close();
    expect(values(harness, 'pod-0')).toEqual([]);
    const { unanswered = '' } = harness.sink.reports.get('pod-0/main') ?? {};
    expect(unanswered).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics: connect ECONNREFUSED/);
    expect(unanswered).toContain(`http://127.0.0.1:${port}/metrics: another program listens there`);
  });
});

describe.runIf(process.platform === 'linux')('listensOn', () => {
  it('tells the own processes from others and from nobody', async () => {
    const { server, port } = await listen();
    // This process is never its own child.
    expect(listensOn(port, {})).toBe('others');
    server.close();
    await onceEmitted(server, 'close');
    expect(listensOn(port, {})).toBe('nobody');
  });
});
