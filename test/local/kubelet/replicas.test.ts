import { expect, it } from 'vitest';
import { controllerReference } from '../../../core/kubernetes-object.ts';
import type { StoredPod } from '../../../core/pod.ts';
import { SERVICES, TFJOBS } from '../../../kube/resource.ts';
import { isFinished, KubeletHarness, NAMESPACE, once } from './kubelet-harness.ts';

/** Listens on its own address of TF_CONFIG (worker 0) or sends to that of worker 0 until it is heard (worker 1). */
const REPLICA = `
const net = require('node:net');
const { cluster, task } = JSON.parse(process.env.TF_CONFIG);
const [host, port] = cluster.worker[0].split(':');
if (task.index === 0) {
  const server = net.createServer((socket) => socket.on('data', (data) => {
    console.log('received ' + data);
    socket.end();
    server.close();
  }));
  server.listen(Number(port), host);
} else {
  const send = () => net.connect(Number(port), host)
    .on('error', () => setTimeout(send, 20))
    .on('connect', function () { this.write('gradient'); });
  send();
}`;

it('lets the replicas of a job talk to each other by the names of their services', async () => {
  await using harness = new KubeletHarness({ cpuSlots: 1 }).start();
  const job = await harness.client.create(TFJOBS, {
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: { name: 'job', namespace: NAMESPACE },
  });
  const worker = ['job-worker-0.tests.svc:2222', 'job-worker-1.tests.svc:2222'];
  const finished: Promise<StoredPod>[] = [];
  for (const index of [1, 0]) {
    const name = `job-worker-${index}`;
    const env = [
      { name: 'TF_CONFIG', value: JSON.stringify({ cluster: { worker }, task: { type: 'worker', index } }) },
    ];
    await harness.create(once({ name: 'tensorflow', command: ['node', '-e', REPLICA], env }), {
      name,
      ownerReferences: [controllerReference(job)],
      labels: { 'training.kubeflow.org/job-name': 'job' },
    });
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: NAMESPACE } };
    await harness.client.create(SERVICES, service);
    finished.push(harness.until(name, isFinished));
  }
  const pods = await Promise.all(finished);
  expect(pods.map(({ status }) => status?.phase)).toEqual(['Succeeded', 'Succeeded']);
  expect(harness.log('job-worker-0', 'tensorflow')).toBe('received gradient\n');
});
