import type { z } from 'zod';
import { didYouMean } from '../../core/did-you-mean.ts';
import { Problem, type ProblemDetail } from '../problem/problem.ts';

/** The query as the schema gives it. @throws Problem REST_PARAMETER_INVALID with everything that is wrong. */
export function readQuery(search: URLSearchParams, schema: z.ZodObject | undefined): Record<string, unknown> {
  const known = Object.keys(schema?.shape ?? {});
  const errors = [...strangers(search, known), ...repeats(search)];
  const parsed = schema?.safeParse(Object.fromEntries([...search].filter(([name]) => known.includes(name))));
  for (const { path, message } of parsed?.error?.issues ?? []) errors.push(wrongValue(path, message));
  const [first] = errors;
  if (!first) return parsed?.data ?? {};
  const options = { errors, ...(first.hint !== undefined && { hint: first.hint }) };
  throw new Problem('REST_PARAMETER_INVALID', first.message, options);
}

function wrongValue(path: readonly PropertyKey[], message: string): ProblemDetail {
  const parameter = String(path[0]);
  return { parameter, message: `${parameter}: ${message}` };
}

function strangers(search: URLSearchParams, known: readonly string[]): ProblemDetail[] {
  const names = [...new Set(search.keys())].filter((name) => !known.includes(name));
  return names.map((parameter) => ({
    parameter,
    message: `There is no parameter ${JSON.stringify(parameter)} here.`,
    hint: didYouMean(parameter, known),
  }));
}

function repeats(search: URLSearchParams): ProblemDetail[] {
  const names = [...new Set(search.keys())].filter((name) => search.getAll(name).length > 1);
  return names.map((parameter) => ({
    parameter,
    message: `The parameter ${JSON.stringify(parameter)} stands more than once.`,
    hint: 'Write it once.',
  }));
}
