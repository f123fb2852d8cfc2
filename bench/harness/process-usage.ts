import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process has used since its start. Times are in ms and have the resolution of the system: 10 ms on Linux. */
export interface ProcessUsage {
  /** CPU of the process with all its threads, without its children. */
  cpuMs: number;
  /** CPU of its children that have ended and were waited for, with theirs; NaN where the system does not tell. */
  childrenCpuMs: number;
  /** Memory that is resident now, and the most that ever was (NaN where the system does not tell), in MiB. */
  residentMib: number;
  peakMib: number;
}

/** Of another process, from `/proc` or from `ps`. Throws where it does not run any more. */
export function usageOf(pid: number): ProcessUsage {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** Linux counts the times that `/proc` shows in hundredths of a second on every architecture. */
const MS_PER_TICK = 10;
const KIBIBYTES_PER_MEBIBYTE = 1024;

function fromProc(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name, in parentheses, may contain anything. Field 3 follows it; times are the fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = NaN, system = NaN, childrenUser = NaN, childrenSystem = NaN] = fields
    .slice(11, 15)
    .map((ticks) => Number(ticks) * MS_PER_TICK);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuMs: user + system,
    childrenCpuMs: childrenUser + childrenSystem,
    residentMib: kibibytes(status, 'VmRSS') / KIBIBYTES_PER_MEBIBYTE,
    peakMib: kibibytes(status, 'VmHWM') / KIBIBYTES_PER_MEBIBYTE,
  };
}

function kibibytes(status: string, field: string): number {
  return Number(new RegExp(String.raw`^${field}:\s+(\d+) kB`, 'm').exec(status)?.[1] ?? NaN);
}

function fromPs(pid: number): ProcessUsage {
  const columns = execFileSync('ps', ['-o', 'rss=,time=', '-p', String(pid)], { encoding: 'utf8' });
  const [resident = '', time = ''] = columns.trim().split(/\s+/);
  const seconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  const residentMib = Number(resident) / KIBIBYTES_PER_MEBIBYTE;
  return { cpuMs: seconds * 1000, childrenCpuMs: NaN, residentMib, peakMib: NaN };
}
