import { KatydidError } from '../../core/errors.ts';
import { type ExperimentFiles, loadExperimentFiles } from './experiment-files.ts';
import { formatLocatedIssue, type LocatedIssue } from '../../experiments/manifest/located-issue.ts';

/** Files that were refused, with every issue and its place. */
export class FilesRefused extends KatydidError {
  override readonly name = 'FilesRefused';
  readonly issues: readonly LocatedIssue[];

  constructor(issues: readonly LocatedIssue[]) {
    super('SPEC_INVALID', issues.map(formatLocatedIssue).join('\n'));
    this.issues = issues;
  }
}

/** The experiments and objects of the files. FilesRefused where anything is wrong with any of them. */
export function acceptedFiles(files: readonly string[]): Omit<ExperimentFiles, 'issues'> {
  const { experiments, others, issues } = loadExperimentFiles(files);
  if (issues.length > 0) throw new FilesRefused(issues);
  return { experiments, others };
}
