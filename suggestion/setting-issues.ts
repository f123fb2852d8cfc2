import type { SettingSpec } from '../algorithms/search-algorithm.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import type { SpecIssue } from '../core/errors.ts';
import type { AlgorithmSpec } from '../core/experiment.ts';
import { quoted, specIssue } from '../core/validation/issue.ts';

/** What is wrong with each of the settings by itself; paths are relative to the algorithm's part of a specification. */
export function settingIssues(
  algorithm: { readonly name: string; readonly settings: readonly SettingSpec[] },
  spec: AlgorithmSpec,
): SpecIssue[] {
  const known = algorithm.settings.map(({ name }) => name);
  return (spec.algorithmSettings ?? []).flatMap(({ name, value }, index): SpecIssue[] => {
    const path = ['algorithmSettings', index];
    const setting = algorithm.settings.find((candidate) => candidate.name === name);
    if (!setting) {
      const message = `The algorithm ${algorithm.name} has no setting ${quoted(name)}.`;
      return [specIssue('SPEC_SETTING_UNKNOWN', [...path, 'name'], message, didYouMean(name, known))];
    }
    const remedy = setting.check(value);
    if (remedy === undefined) return [];
    const message = `The setting ${name} is ${quoted(value)}.`;
    return [specIssue('SPEC_SETTING_INVALID', [...path, 'value'], message, remedy)];
  });
}
