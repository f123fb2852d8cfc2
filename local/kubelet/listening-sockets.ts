import { readlinkSync } from 'node:fs';
import { listDirectory, readText } from './optional-files.ts';
import { findProcessesByEnvironment } from './process-identity.ts';

const STATE_LISTEN = '0A';

/**
 * Who listens on a TCP port: `these`, a process whose environment sets all of `markers`; `others`; or `nobody`. Where the
 * system does not show its sockets, `nobody`.
 */
export function listensOn(
  port: number,
  markers: Readonly<Record<string, string>>,
): 'these' | 'others' | 'nobody' {
  const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeners(table, port)));
  if (sockets.size === 0) return 'nobody';
  const holds = ({ pid }: { pid: number }): boolean =>
    listDirectory(`/proc/${pid}/fd`).some((fd) => sockets.has(target(`/proc/${pid}/fd/${fd}`)));
  return findProcessesByEnvironment(markers).some(holds) ? 'these' : 'others';
}

/** Sockets that listen on the port, as descriptors name them. */
function listeners(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readText(table)?.split('\n') ?? [];
  return rows.flatMap((row) => {
    // sl, local address, remote address, state, queues, timer, retransmissions, uid, timeout, inode
    const fields = row.trim().split(/\s+/);
    const [, local = '', , state] = fields;
    const isListener = state === STATE_LISTEN && local.endsWith(`:${wanted}`);
    return isListener ? [`socket:[${fields[9] ?? ''}]`] : [];
  });
}

/** Empty where the descriptor is gone, or not to be read. */
function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
