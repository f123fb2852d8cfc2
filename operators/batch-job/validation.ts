import { quoted, specIssue, type Issues } from '../../core/validation/issue.ts';
import { checkContainers } from '../container-checks.ts';
import type { BatchJobDocument, PodFailureRuleDocument } from './spec-schema.ts';
import { COMPLETION_MODES, JOB_RESTART_POLICIES } from './types.ts';

const COUNTS = [
  'parallelism',
  'completions',
  'backoffLimit',
  'activeDeadlineSeconds',
  'ttlSecondsAfterFinished',
] as const;
/** What Kubernetes' own Job controller does and this one does not. */
const UNSUPPORTED = ['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'] as const;
const MAX_LABEL_LENGTH = 63;

/** What Kubernetes refuses in a Job, and what this operator cannot do. */
export function* checkBatchJob(name: string, document: BatchJobDocument): Issues {
  if (name.length > MAX_LABEL_LENGTH) {
    const message = `The name ${quoted(name)} cannot be a label: it is too long.`;
    yield specIssue(
      'SPEC_NAME_INVALID',
      ['metadata', 'name'],
      message,
      `Use at most ${MAX_LABEL_LENGTH} characters.`,
    );
  }
  yield* checkCounts(document);
  yield* checkCompletionMode(document);
  for (const field of UNSUPPORTED) {
    if (document[field] == null) continue;
    const message = `${field} is not supported by this Job operator.`;
    yield specIssue(
      'SPEC_VALUE_NOT_ALLOWED',
      ['spec', field],
      message,
      'Remove it, or run the job on a cluster.',
    );
  }
  yield* checkTemplate(document);
  yield* checkFailurePolicy(document);
}

function* checkCounts(document: BatchJobDocument): Issues {
  for (const field of COUNTS) {
    const value = document[field];
    if (value == null || value >= 0) continue;
    yield specIssue(
      'SPEC_VALUE_NOT_ALLOWED',
      ['spec', field],
      `${field} is ${value}.`,
      'Write 0 or more, or remove it.',
    );
  }
}

function* checkCompletionMode({ completionMode: mode, completions }: BatchJobDocument): Issues {
  if (mode == null) return;
  const path = ['spec', 'completionMode'];
  if (!(COMPLETION_MODES as readonly string[]).includes(mode)) {
    const message = `completionMode is ${quoted(mode)}.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', path, message, `Write ${COMPLETION_MODES.join(' or ')}.`);
  }
  if (mode === 'Indexed' && completions == null) {
    const message = 'An Indexed job needs the number of its indexes.';
    yield specIssue('SPEC_REQUIRED', ['spec', 'completions'], message, 'Add completions.');
  }
}

function* checkTemplate({ template }: BatchJobDocument): Issues {
  const path = ['spec', 'template', 'spec'];
  yield* checkContainers(template?.spec?.containers ?? [], [...path, 'containers']);
  const policy = template?.spec?.restartPolicy ?? null;
  if (policy !== null && (JOB_RESTART_POLICIES as readonly string[]).includes(policy)) return;
  const what = policy === null ? 'is missing' : `is ${quoted(policy)}`;
  const message = `restartPolicy ${what}, but the pods of a Job must end.`;
  yield specIssue('SPEC_TEMPLATE_INVALID', [...path, 'restartPolicy'], message, 'Write Never or OnFailure.');
}

function* checkFailurePolicy({ podFailurePolicy, template }: BatchJobDocument): Issues {
  if (podFailurePolicy == null) return;
  const path = ['spec', 'podFailurePolicy'];
  if (template?.spec?.restartPolicy === 'OnFailure') {
    const message = 'podFailurePolicy does not go with restartPolicy OnFailure.';
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', path, message, 'Write restartPolicy: Never.');
  }
  for (const [index, rule] of (podFailurePolicy.rules ?? []).entries()) {
    yield* checkFailureRule(rule, [...path, 'rules', index]);
  }
}

function* checkFailureRule(rule: PodFailureRuleDocument, path: readonly (string | number)[]): Issues {
  if (!['FailJob', 'Ignore', 'Count'].includes(rule.action)) {
    const message = `The action ${quoted(rule.action)} is not supported.`;
    yield specIssue(
      'SPEC_VALUE_NOT_ALLOWED',
      [...path, 'action'],
      message,
      'Write FailJob, Ignore or Count.',
    );
  }
  const hasCodes = rule.onExitCodes != null;
  const hasConditions = (rule.onPodConditions ?? []).length > 0;
  if (hasCodes === hasConditions) {
    const message = 'A rule looks at exit codes or at pod conditions.';
    yield specIssue('SPEC_REQUIRED', path, message, 'Write exactly one of onExitCodes and onPodConditions.');
  }
  if (rule.onExitCodes?.values.length === 0) {
    const message = 'The rule names no exit codes.';
    yield specIssue('SPEC_REQUIRED', [...path, 'onExitCodes', 'values'], message, 'Name at least one.');
  }
}
