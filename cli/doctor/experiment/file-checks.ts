import { formatLocatedIssue } from '../../../experiments/manifest/located-issue.ts';
import { SpecError, describeIssue } from '../../../core/errors.ts';
import { ok, problem, unique, warning, type Check, type Finding } from '../check.ts';
import { plannedContainers, refusals, type ExperimentContext, type PlannedContainer } from './inspection.ts';

/** Nobody reads more at once. */
const MAX_ISSUES = 20;

export const experimentFile: Check<ExperimentContext> = {
  id: 'experiment-file',
  title: 'Experiment file',
  why: 'run refuses a file with mistakes before it starts anything.',
  run({ inspection: { files, issues, trials } }) {
    if (issues.length > 0) {
      const rest = issues.length - MAX_ISSUES;
      return [
        ...issues
          .slice(0, MAX_ISSUES)
          .map((issue) => problem(formatLocatedIssue({ ...issue, remedy: '' }).trim(), issue.remedy)),
        ...(rest > 0
          ? [problem(`… and ${rest} more mistakes.`, `See all with: katydid validate ${files.join(' ')}`)]
          : []),
      ];
    }
    const errors = trials.flatMap(({ error }) => error ?? []);
    if (errors.length > 0) {
      return errors.map(({ message, code, remedy }) =>
        warning(`${message} [${code}] Its trials cannot be looked at.`, remedy ?? ''),
      );
    }
    return [ok(`${trials.map(({ experiment }) => experiment).join(', ')}: without mistakes.`)];
  },
};

export const imageMapCheck: Check<ExperimentContext> = {
  id: 'image-map',
  title: 'Images',
  why: 'Images are not used on this computer: katydid.config.yaml says what stands for them where the command alone does not do.',
  run({ inspection: { configError, trials } }) {
    if (configError) return configFindings(configError);
    const missing = refusals(trials, ['LOCAL_NO_COMMAND']).map(({ message, remedy }) =>
      problem(message, remedy ?? ''),
    );
    const planned = plannedContainers(trials);
    const findings = [...missing, ...planned.flatMap(pathFindings)];
    if (findings.length > 0) return unique(findings);
    return unique(planned.map(imageFinding));
  },
};

function configFindings(error: Error & { remedy?: string | undefined }): Finding[] {
  if (!(error instanceof SpecError)) return [problem(error.message, error.remedy ?? '')];
  return error.issues.map((issue) => {
    const subject = error.message.split(' has ')[0] ?? '';
    return problem(`${subject}: ${describeIssue({ ...issue, remedy: '' }).trim()}`, issue.remedy);
  });
}

/** Paths of the image that are nowhere here. */
function pathFindings({ container, plan, isMapped }: PlannedContainer): Finding[] {
  const image = container.image ?? '(none)';
  const remedy = `Map it with pathMap or root of ${image} in katydid.config.yaml, or mount a volume there.`;
  return plan.unmappedPaths.map(({ place, written }) =>
    warning(
      `${written} (${place} of container "${container.name}") is not here; ${isMapped ? 'the map of' : 'it may be in'} image ${image}${isMapped ? ' does not cover it' : ', which is not mapped'}.`,
      remedy,
    ),
  );
}

function imageFinding({ container, isMapped, plan }: PlannedContainer): Finding {
  const image = container.image ?? '(none)';
  return ok(isMapped ? `${image} is mapped.` : `${image} is not mapped: ${plan.file} of this computer runs.`);
}
