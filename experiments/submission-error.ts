import type { Experiment } from '../core/experiment.ts';
import { KatydidError, type SpecIssue } from '../core/errors.ts';

const ANOTHER_NAME = 'Give the new one another metadata.name, or keep it apart with --data-dir.';

/** The stored experiment cannot become what the file says. */
export function changeRefused({ metadata }: Experiment, issues: readonly SpecIssue[]): KatydidError {
  const name = metadata.name ?? '';
  const fixed = issues.filter(({ code }) => code === 'SPEC_FIELD_IMMUTABLE');
  if (fixed.length > 0) {
    // Whatever else is wrong with the counts does not matter for another experiment.
    const fields = fixed.map(({ path }) => path.at(-1)).join(', ');
    const message = `There is another experiment "${name}" already: it differs in ${fields}.`;
    return new KatydidError('EXPERIMENT_DIFFERS', message, { remedy: ANOTHER_NAME });
  }
  // An experiment that cannot go on at all is told so, and not that it wants a higher count.
  const told = issues.filter(({ code }) => code === 'SPEC_NOT_RESTARTABLE');
  const [{ message, remedy } = { message: '', remedy: ANOTHER_NAME }] = told.length > 0 ? told : issues;
  return new KatydidError(
    'EXPERIMENT_DIFFERS',
    `Experiment "${name}" cannot be changed like this. ${message}`,
    {
      remedy,
    },
  );
}

export function namedTwice({ metadata }: Experiment): KatydidError {
  const message = `The files hold two different experiments with the name "${metadata.name ?? ''}".`;
  return new KatydidError('EXPERIMENT_DIFFERS', message, {
    remedy: 'Give one of them another metadata.name.',
  });
}
