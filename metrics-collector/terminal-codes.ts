/*
 * Control sequences of ECMA-48: CSI (colours, cursor), OSC (titles, links), the short escapes, and the backspaces of old
 * progress bars. Every alternative starts with ESC and runs over disjoint classes, so matching takes linear time.
 */
const CONTROL_SEQUENCE =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]|[\u0008\u009b]/g;

/** One of these is in every line that holds terminal codes, as an expression. */
export const TERMINAL_CODE_START = String.raw`[\u001b\u0008]`;

/** The line as a reader sees it: without colours and cursor movements. */
export function stripTerminalCodes(line: string): string {
  return line.includes('\u001b') || line.includes('\b') ? line.replace(CONTROL_SEQUENCE, '') : line;
}
