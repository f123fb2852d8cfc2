/**
 * Under restart policy ExitCode: 128 and above means ended by a signal or by the node, and another attempt may do better. An
 * unknown code (null) says nothing against one.
 */
export function isRetryableExit(exitCode: number | null): boolean {
  return exitCode === null || exitCode >= 128;
}
