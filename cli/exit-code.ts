/** What the command's exit status says. Scripts rely on these. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** A specification or a command line was refused. */
  refused: 2,
  timedOut: 3,
  /** 128 + SIGINT, the shells' convention. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
