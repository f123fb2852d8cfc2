import { countLevel, type CheckResult, type Section } from './examine.ts';
import type { Finding } from './check.ts';

const LEVEL_WIDTH = 'problem'.length;
const INDENT = ' '.repeat(LEVEL_WIDTH + 4);

/** The answers for people: one line each, and below what is not in order why it matters and what to do. */
export function reportLines(sections: readonly Section[]): string[] {
  return [
    ...sections.flatMap(({ subject, results }) => [subject, ...results.flatMap(resultLines), '']),
    summary(sections),
  ];
}

function resultLines({ title, why, findings }: CheckResult): string[] {
  return findings.flatMap((finding) => [
    `  ${finding.level.padEnd(LEVEL_WIDTH)}  ${title}: ${finding.found}`,
    ...(finding.level === 'ok' ? [] : [`${INDENT}Why: ${why}`, ...remedyLines(finding)]),
  ]);
}

function remedyLines(finding: Exclude<Finding, { level: 'ok' }>): string[] {
  return finding.remedy === '' ? [] : [`${INDENT}Do:  ${finding.remedy}`];
}

function summary(sections: readonly Section[]): string {
  const checks = sections.reduce((sum, { results }) => sum + results.length, 0);
  const problems = countLevel(sections, 'problem');
  const warnings = countLevel(sections, 'warning');
  return `${checks} checks: ${counted(problems, 'problem')}, ${counted(warnings, 'warning')}.`;
}

function counted(count: number, what: string): string {
  if (count === 0) return `no ${what}`;
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** The answers for programs. */
export function reportJson(sections: readonly Section[]): object {
  return {
    problems: countLevel(sections, 'problem'),
    warnings: countLevel(sections, 'warning'),
    checks: sections.flatMap(({ results }) => results),
  };
}
