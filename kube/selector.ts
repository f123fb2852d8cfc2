import { ApiError } from './api-error.ts';
import { labelValueProblem, qualifiedNameProblem } from '../core/label-syntax.ts';

type Labels = Readonly<Record<string, string>>;

/** One comma-separated term of a selector. An absent label satisfies `notIn`, as in Kubernetes. */
type Requirement =
  | { operator: 'in' | 'notIn'; key: string; values: readonly string[] }
  | { operator: 'exists' | 'notExists'; key: string };

const SET_TERM = /^(?<key>\S+)\s+(?<operator>in|notin)\s*\((?<values>[^()]*)\)$/;
const EQUALITY_TERM = /^(?<key>[^=!\s]+)\s*(?<operator>==|!=|=)\s*(?<value>[^=!\s]*)$/;
const EXISTENCE_TERM = /^(?<not>!\s*)?(?<key>[^=!\s()]+)$/;

/**
 * The test that Kubernetes' label selector text describes: `a=b,c!=d,e in (x,y),f notin (z),g,!h`. An empty text selects
 * everything. Throws ApiError BadRequest.
 */
export function parseLabelSelector(text: string): (labels: Record<string, string> | undefined) => boolean {
  if (text.trim() === '') return () => true;
  const requirements = splitTerms(text).map((term) => parseTerm(term.trim(), text));
  return (labels) => requirements.every((requirement) => isMet(requirement, labels ?? {}));
}

/** Whether `labels` has every entry of `selector`. An empty selector matches everything. */
export function labelsMatch(selector: Labels, labels: Record<string, string> | undefined): boolean {
  return Object.entries(selector).every(([key, value]) => labels?.[key] === value);
}

/** Commas separate terms, except between the parentheses of a set. */
function splitTerms(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

function parseTerm(term: string, text: string): Requirement {
  const requirement = readSetTerm(term) ?? readEqualityTerm(term) ?? readExistenceTerm(term);
  if (!requirement) {
    throw invalidSelector(
      text,
      `"${term}" is none of key, !key, key=value, key!=value, key in (a,b), key notin (a,b)`,
    );
  }
  const keyProblem = qualifiedNameProblem(requirement.key);
  if (keyProblem) throw invalidSelector(text, `key "${requirement.key}": ${keyProblem}`);
  for (const value of 'values' in requirement ? requirement.values : []) {
    const problem = labelValueProblem(value);
    if (problem) throw invalidSelector(text, `value "${value}": ${problem}`);
  }
  return requirement;
}

function readSetTerm(term: string): Requirement | null {
  const { key, operator, values } = SET_TERM.exec(term)?.groups ?? {};
  if (key === undefined || values === undefined) return null;
  return {
    operator: operator === 'in' ? 'in' : 'notIn',
    key,
    values: values.split(',').map((value) => value.trim()),
  };
}

function readEqualityTerm(term: string): Requirement | null {
  const { key, operator, value } = EQUALITY_TERM.exec(term)?.groups ?? {};
  if (key === undefined || value === undefined) return null;
  return { operator: operator === '!=' ? 'notIn' : 'in', key, values: [value] };
}

function readExistenceTerm(term: string): Requirement | null {
  const { key, not } = EXISTENCE_TERM.exec(term)?.groups ?? {};
  if (key === undefined) return null;
  return { operator: not === undefined ? 'exists' : 'notExists', key };
}

function isMet(requirement: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notIn':
      return value === undefined || !requirement.values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'notExists':
      return value === undefined;
  }
}

function invalidSelector(text: string, problem: string): ApiError {
  return new ApiError('BadRequest', `unable to parse label selector "${text}": ${problem}`);
}
