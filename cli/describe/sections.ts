import type { Condition } from '../../core/kubernetes-object.ts';
import { textTable } from '../output/text-table.ts';
import type { Warning } from '../../experiments/warnings.ts';

/** One field of a description: its name and its lines, the first beside the name, the others below it. */
export type Field = readonly [name: string, ...lines: readonly string[]];

const NAME_WIDTH = 12;

/** Fields without a line are left out. */
export function fieldLines(fields: readonly Field[]): string[] {
  return fields.flatMap(([name, ...lines]) =>
    lines.flatMap((line, index) => `${(index === 0 ? name : '').padEnd(NAME_WIDTH)} ${line}`.trimEnd()),
  );
}

/** A blank line and a table; nothing where there are no rows. */
export function section(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', textTable(header, rows)];
}

export function conditionSection(conditions: readonly Condition[] = []): string[] {
  return section(
    ['CONDITION', 'STATUS', 'SINCE', 'REASON'],
    conditions.map(({ type, status, reason = '', lastTransitionTime = '' }) => [
      type,
      status,
      lastTransitionTime,
      reason,
    ]),
  );
}

export function warningSection(warnings: readonly Warning[]): string[] {
  return section(
    ['WARNING', 'MESSAGE'],
    warnings.map(({ reason, message }) => [reason, message]),
  );
}
