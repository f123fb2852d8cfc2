import { getuid } from 'node:process';
import type { Container, Pod } from '../../core/pod.ts';

/** Fields of a pod that mean nothing on one computer. */
export const IGNORED_FIELDS = [
  'nodeSelector',
  'affinity',
  'tolerations',
  'topologySpreadConstraints',
  'schedulerName',
  'schedulingGates',
  'priorityClassName',
  'priority',
  'runtimeClassName',
  'serviceAccountName',
  'imagePullSecrets',
  'dnsPolicy',
  'dnsConfig',
  'hostAliases',
  'hostNetwork',
] as const;

/** Fields that share something of the node. The processes of a pod see each other in any case. */
export const HOST_FIELDS = ['hostPID', 'hostIPC'] as const;

/** The ignored fields that the pod sets. */
export function ignoredFields(pod: Pod): string[] {
  return IGNORED_FIELDS.filter((field) => pod.spec[field] !== undefined && pod.spec[field] !== null);
}

/** Paths of fields that ask for what a local process cannot have; the pod runs without it. */
export function unsupportedFields(pod: Pod): string[] {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  return [
    ...HOST_FIELDS.filter((field) => pod.spec[field] === true).map((field) => `spec.${field}`),
    ...securityFields('spec', pod.spec['securityContext'] as SecurityContext | undefined),
    ...containers.flatMap((container) => unsupportedInContainer(container)),
  ];
}

interface SecurityContext {
  runAsUser?: number;
  privileged?: boolean;
  capabilities?: { add?: string[] };
}

/** Resources that processes can have or that change nothing; others are devices. */
const KNOWN_RESOURCE = /^(?:cpu|memory|ephemeral-storage|nvidia\.com\/gpu|hugepages-.*)$/;

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

function unsupportedInContainer(container: Container): string[] {
  const prefix = `containers["${container.name}"]`;
  const devices = Object.keys(container.resources?.limits ?? {}).filter((name) => !KNOWN_RESOURCE.test(name));
  return [
    ...securityFields(prefix, container.securityContext),
    ...devices.map((name) => `${prefix}.resources.limits["${name}"]`),
    ...PROBES.filter((probe) => container[probe]?.grpc).map((probe) => `${prefix}.${probe}.grpc`),
  ];
}

function securityFields(prefix: string, context: SecurityContext | undefined): string[] {
  if (!context) return [];
  const found: string[] = [];
  if (context.runAsUser !== undefined && context.runAsUser !== getuid?.()) found.push('runAsUser');
  if (context.privileged) found.push('privileged');
  if (context.capabilities?.add?.length) found.push('capabilities.add');
  return found.map((field) => `${prefix}.securityContext.${field}`);
}
