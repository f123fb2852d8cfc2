/** Sends a signal to a process, or to a whole group (a negative number). False where there is no such process. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Kills a process group at once. */
export function killGroup(leaderPid: number): boolean {
  return sendSignal(-leaderPid, 'SIGKILL');
}
