import { cut } from '../../core/cut.ts';
import type { Output } from '../output/output.ts';

const MAX_LINES = 6;
/** A terminal echoes `^C` behind the last line; a line that wraps could not be redrawn in place. */
const ROOM_AT_THE_END = 3;

/** Lines at the foot of a terminal that are redrawn in place. */
export interface Footer {
  show(lines: readonly string[]): void;
  /** Prints a line above the footer. */
  above(line: string): void;
  clear(): void;
}

export function footer(output: Output): Footer {
  let wanted: readonly string[] = [];
  let shown: readonly string[] = [];

  const draw = (lines: readonly string[]): void => {
    if (lines.join('\n') === shown.join('\n')) return;
    output.raw(eraseCode(shown, output.columns()) + lines.join('\n'));
    shown = lines;
  };
  const show = (lines: readonly string[]): void => {
    wanted = lines;
    draw(fitting(lines, output.columns()));
  };
  return {
    show,
    above(line) {
      draw([]);
      output.err(line);
      show(wanted);
    },
    clear() {
      wanted = [];
      draw([]);
    },
  };
}

function fitting(lines: readonly string[], columns: number): string[] {
  const kept = lines.length > MAX_LINES ? lines.slice(0, MAX_LINES - 1) : lines;
  const rest = lines.length - kept.length;
  return [...kept, ...(rest > 0 ? [`… and ${rest} more`] : [])].map((line) =>
    cut(line, Math.max(1, columns - ROOM_AT_THE_END)),
  );
}

/** Goes to where the lines begin and erases all below; a terminal that became narrower has wrapped them meanwhile. */
function eraseCode(lines: readonly string[], columns: number): string {
  if (lines.length === 0) return '';
  const rows = lines.reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / columns)), 0);
  return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}\u001b[J`;
}
