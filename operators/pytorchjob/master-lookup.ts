import type { Container } from '../../core/pod.ts';
import { masterName } from './environment.ts';

const ATTEMPTS = 100;

/** Ends when the cluster's DNS knows the master, which it does once the master's pod runs; fails after some minutes. */
export function masterLookup(job: string): Container {
  const host = masterName(job);
  const script =
    `for attempt in $(seq ${ATTEMPTS}); do nslookup ${host} && exit 0; ` +
    'echo waiting for master; sleep 2; done; exit 1';
  return {
    name: 'init-pytorch',
    image: 'alpine:3.10',
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', script],
    resources: {
      limits: { cpu: '100m', memory: '20Mi' },
      requests: { cpu: '50m', memory: '10Mi' },
    },
  };
}
