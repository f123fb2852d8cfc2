import { tmpdir } from 'node:os';
import { TRIAL_LABEL, TRIAL_NAME_VARIABLE } from '../../core/labels.ts';
import type { Container, StoredPod } from '../../core/pod.ts';
import { parseQuantity } from './quantity.ts';

/**
 * What a container's process takes over from the service's own environment: enough to find programs, the chosen Python
 * and the network, never the whole shell (which may hold credentials, or a TF_CONFIG of something else).
 */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'PYENV_ROOT',
  'PYENV_VERSION',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
] as const;

const LOCAL_HOSTS = ['127.0.0.1', 'localhost'];

/** The variables that every container gets and that its specification may override. */
export function baseEnvironment(
  pod: StoredPod,
  container: Container,
  inherited: NodeJS.ProcessEnv,
  gpuDevices: readonly number[],
): Record<string, string> {
  const trial = pod.metadata.labels?.[TRIAL_LABEL];
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/',
    LANG: 'C.UTF-8',
    TMPDIR: tmpdir(),
    ...inheritedVariables(inherited),
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    NO_PROXY: withLocalHosts(inherited['NO_PROXY']),
    no_proxy: withLocalHosts(inherited['no_proxy']),
    // Empty hides the devices from containers that did not ask for one.
    CUDA_VISIBLE_DEVICES: gpuDevices.join(','),
    ...(trial !== undefined && { [TRIAL_NAME_VARIABLE]: trial }),
    ...threadHints(container),
  };
}

function inheritedVariables(inherited: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = inherited[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** gRPC and others honour proxy variables even for this computer. */
function withLocalHosts(noProxy: string | undefined): string {
  const hosts = (noProxy ?? '').split(',').filter((host) => host !== '');
  return [...new Set([...hosts, ...LOCAL_HOSTS])].join(',');
}

/** CPU limits are not enforced; libraries are told how many threads they were meant to use. */
function threadHints(container: Container): Record<string, string> {
  const limit = parseQuantity(container.resources?.limits?.['cpu']);
  if (limit === undefined || limit <= 0) return {};
  const threads = String(Math.ceil(limit));
  return { OMP_NUM_THREADS: threads, TF_NUM_INTRAOP_THREADS: threads };
}
