import { isJsonObject } from '../../../core/json.ts';
import { AGE, type Cell, type Column, NAME, since } from './column.ts';

/** One entry of a CustomResourceDefinition's `additionalPrinterColumns`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly priority?: number;
}

/** The columns of a custom resource, after its name. Without any of its own, its age. */
export function printerColumns(declared: readonly PrinterColumn[]): Column[] {
  return [NAME, ...(declared.length === 0 ? [AGE] : declared.map(columnOf))];
}

function columnOf({ name, type, jsonPath, priority = 0 }: PrinterColumn): Column {
  const steps = parseJsonPath(jsonPath);
  return {
    name,
    // The cells of dates hold an age.
    type: type === 'integer' ? 'integer' : 'string',
    priority,
    cell(object, nowMs) {
      const value = steps.reduce<unknown>((found, step) => step(found), object);
      return type === 'date' && typeof value === 'string' ? since(value, nowMs) : cellOf(value);
    },
  };
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

type Step = (value: unknown) => unknown;

const STEP = /\.(?<field>[\w-]+)|\[(?<index>-?\d+)(?<isSlice>:)?\]/gy;

/**
 * The simple paths that printer columns use: `.field`, `[index]` and `[-1:]`, of which the first element is shown.
 * Error for anything else: the paths are ours.
 */
function parseJsonPath(path: string): Step[] {
  const steps: Step[] = [];
  let end = 0;
  for (const match of path.matchAll(STEP)) {
    const { field, index } = match.groups ?? {};
    steps.push(field !== undefined ? fieldStep(field) : indexStep(Number(index)));
    end = match.index + match[0].length;
  }
  if (end !== path.length) throw new Error(`the JSON path ${path} of a printer column is not understood`);
  return steps;
}

function fieldStep(field: string): Step {
  return (value) => (isJsonObject(value) && Object.hasOwn(value, field) ? value[field] : undefined);
}

function indexStep(index: number): Step {
  return (value) => (Array.isArray(value) ? (value.at(index) as unknown) : undefined);
}
