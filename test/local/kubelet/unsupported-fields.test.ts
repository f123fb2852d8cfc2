import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { expect, it } from 'vitest';
import type { Container, PodSpec } from '../../../core/pod.ts';
import {
  HOST_FIELDS,
  IGNORED_FIELDS,
  ignoredFields,
  unsupportedFields,
} from '../../../local/kubelet/unsupported-fields.ts';
import { ROOT } from '../../support/command.ts';
import { podManifest } from './kubelet-harness.ts';

const PREFIX = 'containers["main"]';

it.each<[string, Partial<Container>, string[]]>([
  ['nothing special', {}, []],
  ['its own user', { securityContext: { runAsUser: getuid?.() } }, []],
  ['another user', { securityContext: { runAsUser: 987_654 } }, ['.securityContext.runAsUser']],
  ['privileges', { securityContext: { privileged: true } }, ['.securityContext.privileged']],
  [
    'a capability',
    { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } },
    ['.securityContext.capabilities.add'],
  ],
  ['fewer capabilities', { securityContext: { capabilities: { drop: ['ALL'] } } }, []],
  ['a probe over gRPC', { livenessProbe: { grpc: { port: 1 } } }, ['.livenessProbe.grpc']],
  ['another probe', { readinessProbe: { exec: {} } }, []],
  ['a device', { resources: { limits: { cpu: 1, 'amd.com/gpu': 1 } } }, ['.resources.limits["amd.com/gpu"]']],
  ['a GPU that is lent', { resources: { limits: { 'nvidia.com/gpu': 1 } } }, []],
])('a container that asks for %s', (_, asked, fields) => {
  const pod = podManifest({ containers: [{ name: 'main', ...asked }] });
  expect(unsupportedFields(pod)).toEqual(fields.map((field) => PREFIX + field));
});

it.each<[Partial<PodSpec>, string[], string[]]>([
  [{ hostPID: true, hostIPC: false }, ['spec.hostPID'], []],
  [{ securityContext: { runAsUser: 987_654 } }, ['spec.securityContext.runAsUser'], []],
  [{ nodeSelector: { a: 'b' }, tolerations: [] }, [], ['nodeSelector', 'tolerations']],
  [{ dnsPolicy: 'Default', priority: null }, [], ['dnsPolicy']],
])('a pod with %j', (spec, unsupported, ignored) => {
  const pod = podManifest({ containers: [{ name: 'main' }], ...spec });
  expect(unsupportedFields(pod)).toEqual(unsupported);
  expect(ignoredFields(pod)).toEqual(ignored);
});

it('every field that a pod does not get is listed in docs/tfjob.md', () => {
  const page = readFileSync(join(ROOT, 'docs/tfjob.md'), 'utf8');
  const [, section = ''] = page.split('## What cannot be had here');
  const missing = [...IGNORED_FIELDS, ...HOST_FIELDS].filter((field) => !section.includes(`\`${field}\``));
  expect(missing).toEqual([]);
});
