import { SpecError, type SpecIssue } from '../../core/errors.ts';
import type { Experiment } from '../../core/experiment.ts';
import { isJsonObject } from '../../core/json.ts';
import { validateExperiment } from '../../core/validation/validate-experiment.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Call } from '../route.ts';

/** What a document says, and everything that is wrong with it. */
export interface ReadExperiment {
  /** With a namespace; null where there is any issue. */
  readonly experiment: Experiment | null;
  readonly issues: readonly SpecIssue[];
}

const DEFAULT_NAMESPACE = 'default';

/** Checks the experiment in a body as the command checks a file. `namespace` is what the path says. */
export function checkExperiment(
  { catalog, checkRunnableHere }: Pick<RestOptions, 'catalog' | 'checkRunnableHere'>,
  { body, source }: Pick<Call, 'body' | 'source'>,
  namespace?: string,
): ReadExperiment {
  const { experiment, issues } = validateExperiment(withKind(body), catalog, {
    sourceText: (path) => source?.sourceText(path),
  });
  const all = [...issues, ...namespaceIssues(body, namespace)];
  if (!experiment) return { experiment: null, issues: all };
  const { metadata } = experiment;
  const placed = {
    ...experiment,
    metadata: { ...metadata, namespace: metadata.namespace ?? namespace ?? DEFAULT_NAMESPACE },
  };
  all.push(...checkRunnableHere(placed));
  return { experiment: all.length === 0 ? placed : null, issues: all };
}

/** @throws SpecError */
export function readExperiment(...args: Parameters<typeof checkExperiment>): Experiment {
  const { experiment, issues } = checkExperiment(...args);
  if (!experiment) throw new SpecError('The experiment', issues);
  return experiment;
}

/** The path says already that the body is an Experiment: it may leave that out. */
function withKind(body: unknown): unknown {
  if (!isJsonObject(body)) return body;
  return { apiVersion: 'kubeflow.org/v1beta1', kind: 'Experiment', ...body };
}

function namespaceIssues(body: unknown, namespace: string | undefined): SpecIssue[] {
  const metadata = isJsonObject(body) ? body['metadata'] : undefined;
  const written = isJsonObject(metadata) ? metadata['namespace'] : undefined;
  if (namespace === undefined || written === undefined || written === null || written === namespace)
    return [];
  return [
    {
      code: 'SPEC_NAME_INVALID',
      path: ['metadata', 'namespace'],
      message: `namespace is ${JSON.stringify(written)}, and the address says ${JSON.stringify(namespace)}.`,
      remedy: 'Leave it out, or send the experiment to its own namespace.',
    },
  ];
}
