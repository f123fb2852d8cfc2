import { listDirectory, readText } from './optional-files.ts';

/** Processes by the session they belong to. A container's processes share the session of its first one. */
export type Sessions = ReadonlyMap<number, readonly number[]>;

/** Every process of the system. Empty where it has no /proc. */
export function readSessions(proc = '/proc'): Sessions {
  const sessions = new Map<number, number[]>();
  for (const name of listDirectory(proc)) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const session = sessionOf(readText(`${proc}/${pid}/stat`) ?? '');
    const members = sessions.get(session);
    if (members) members.push(pid);
    else sessions.set(session, [pid]);
  }
  return sessions;
}

/** Field 6 of /proc/<pid>/stat. The name in parentheses may hold anything. */
function sessionOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3] ?? Number.NaN);
}

/**
 * Whether the processes together keep more bytes of memory busy than `limit`: what they allocated, with memory that
 * several share counted once. Pages of files do not count, as the system takes those back when memory is short.
 */
export function usesMoreThan(limit: number, pids: readonly number[], proc = '/proc'): boolean {
  // The exact sum takes the system much longer, and the cheap one is never less.
  return total(pids, proc, allocated) > limit && total(pids, proc, allocatedWithShares) > limit;
}

function total(pids: readonly number[], proc: string, measure: (directory: string) => number): number {
  return pids.reduce((sum, pid) => sum + measure(`${proc}/${pid}`), 0);
}

function allocated(directory: string): number {
  return sumOfFields(readText(`${directory}/status`) ?? '', ['RssAnon', 'RssShmem', 'VmSwap']);
}

/** Shared memory is split between those who share it. Systems before Linux 5.5 do not tell. */
function allocatedWithShares(directory: string): number {
  const text = readText(`${directory}/smaps_rollup`);
  if (text?.includes('Pss_Anon:') !== true) return allocated(directory);
  return sumOfFields(text, ['Pss_Anon', 'Pss_Shmem', 'SwapPss']);
}

/** In bytes; the files say kB. */
function sumOfFields(text: string, fields: readonly string[]): number {
  const amounts = fields.map((field) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0),
  );
  return amounts.reduce((sum, amount) => sum + amount, 0) * 1_024;
}
