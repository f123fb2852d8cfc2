import type { ImportanceReport } from '../../algorithms/importance/importance.ts';
import { csvLine } from '../../experiments/csv-line.ts';
import type { ImportanceRequest } from '../../experiments/importance/importance-request.ts';
import { textTable } from '../output/text-table.ts';
import { bar } from './bar.ts';
import { percent } from './percent.ts';

export type ImportanceFormat = 'text' | 'json' | 'csv';

/** What was found, as lines of data; its notes are not among them, but for JSON. `width` of the terminal; null draws no bars. */
export function importanceLines(
  report: ImportanceReport,
  request: ImportanceRequest,
  format: ImportanceFormat,
  width: number | null,
): string[] {
  switch (format) {
    case 'json':
      return [JSON.stringify({ ...report, meaning: request.evaluator.meaning })];
    case 'csv':
      return [
        csvLine(['parameter', 'share', 'deviation']),
        ...report.importances.map(({ parameter, share, deviation }) =>
          csvLine([parameter, share, deviation]),
        ),
      ];
    case 'text':
      return report.importances.length === 0 ? [] : textLines(report, request, width);
  }
}

function textLines(report: ImportanceReport, request: ImportanceRequest, width: number | null): string[] {
  const { importances, interactions, explained } = report;
  return [
    headline(report, request),
    '',
    shareTable(
      importances.map(({ parameter, share, deviation }) => ({ name: parameter, share, deviation })),
      ['PARAMETER', 'SHARE'],
      width,
    ),
    ...(explained === null
      ? []
      : ['', `The parameters bring ${percent(explained)} of the variance each by itself.`]),
    ...(interactions.length === 0
      ? []
      : [
          '',
          shareTable(
            interactions.map(({ parameters, share }) => ({ name: parameters.join(' × '), share })),
            ['TOGETHER', 'OF THE VARIANCE'],
            width,
          ),
        ]),
  ];
}

function headline({ trials, compared }: ImportanceReport, { evaluator }: ImportanceRequest): string {
  if (compared === null) return `What the results of ${trials} trials follow (${evaluator.name}):`;
  const { good, all } = compared;
  const others = all === trials ? '' : ` from the best ${all}`;
  return `What sets the best ${good} of ${trials} trials apart${others} (${evaluator.name}):`;
}

interface Row {
  name: string;
  share: number;
  /** Absent where it is not known. */
  deviation?: number;
}

/** No bar is shorter or longer than this, whatever a terminal leaves beside names and numbers. */
const LEAST_BAR = 10;
const MOST_BAR = 40;

function shareTable(rows: readonly Row[], header: readonly [string, string], width: number | null): string {
  const names = [header[0], ...rows.map(({ name }) => name)];
  const numbers = aligned(rows.map(numberOf));
  const beside = longest(names) + longest([header[1], ...numbers]) + 2 * '   '.length;
  const room = width === null ? 0 : Math.max(LEAST_BAR, Math.min(MOST_BAR, width - beside - 1));
  const cells = rows.map(({ name, share }, row) => [name, numbers[row] ?? '', bar(share, room)]);
  return textTable([...header, ''], cells);
}

/** `71 % ± 12`, or `71 %`. */
function numberOf({ share, deviation }: Row): string {
  if (deviation === undefined) return percent(share);
  const least = deviation > 0 ? 1 : 0;
  return `${percent(share)} ± ${Math.max(least, Math.round(100 * deviation))}`;
}

/** With the signs for per cent below each other. */
function aligned(numbers: readonly string[]): string[] {
  const before = Math.max(...numbers.map((text) => text.indexOf('%')));
  return numbers.map((text) => ' '.repeat(before - text.indexOf('%')) + text);
}

function longest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}
