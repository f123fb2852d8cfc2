import { readText } from '../../../local/kubelet/optional-files.ts';

/** The soft limits in the text of /proc/<pid>/limits. */
export function parseLimits(text: string): { openFiles: number; processes: number } {
  return { openFiles: softLimit(text, 'Max open files'), processes: softLimit(text, 'Max processes') };
}

function softLimit(text: string, name: string): number {
  const value = new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(text)?.[1];
  return value === undefined ? Infinity : Number(value);
}

/** How many more processes and threads the control group of this process allows; Infinity where it sets no limit. */
export function groupProcessesLeft(root = '/sys/fs/cgroup', membership = '/proc/self/cgroup'): number {
  const lefts = groupDirectories(root, readText(membership) ?? '').map((directory) => {
    const max = Number(readText(`${directory}/pids.max`)?.trim());
    const current = Number(readText(`${directory}/pids.current`)?.trim());
    // "max" is no number, and neither is a file that is not there.
    return Number.isFinite(max) && Number.isFinite(current) ? max - current : Infinity;
  });
  return Math.min(Infinity, ...lefts);
}

/** Inside a container the own group is the root of what is mounted, whatever its name outside. */
function groupDirectories(root: string, membership: string): string[] {
  const unified = /^0::(.*)$/m.exec(membership)?.[1];
  const pids = /^\d+:(?:[^:]*,)?pids(?:,[^:]*)?:(.*)$/m.exec(membership)?.[1];
  return [
    root,
    `${root}/pids`,
    ...(unified === undefined ? [] : [root + unified]),
    ...(pids === undefined ? [] : [`${root}/pids${pids}`]),
  ];
}
