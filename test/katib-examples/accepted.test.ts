import { describe, expect, it } from 'vitest';
import { loadExperimentFiles } from '../../cli/manifest/experiment-files.ts';
import { withDefaults } from '../../core/defaults.ts';
import { jobKind } from '../../core/job-kinds.ts';
import { formatLocatedIssue } from '../../experiments/manifest/located-issue.ts';
import { previewExperiment } from '../../experiments/preview.ts';
import { algorithmCatalog } from '../../suggestion/algorithm-catalog.ts';
import { EXAMPLES_ARE_ABSENT, katibExamples, missingFor, runnableVariant, type Example } from './examples.ts';

/*
 * Katib's own examples, unchanged: each is accepted, or refused for what is not there and nothing else. The jobs of their
 * trials are complete.
 */

const EXAMPLES = katibExamples();
const PLACEHOLDER = /\$\{trial(?:Parameters|Spec)/;

/** The message that must be there for each thing that is missing, and no others. */
function expectedRefusals(example: Example): RegExp[] {
  const { algorithm, earlyStopping, isNas, jobKind: kind } = missingFor(example);
  const known = algorithmCatalog.names().join(', ');
  return [
    ...(algorithm === null ? [] : [new RegExp(`algorithmName: No algorithm "${algorithm}" .*\\b${known}`)]),
    ...(earlyStopping === null ? [] : [new RegExp(`spec.earlyStopping: .*${earlyStopping}`)]),
    ...(isNas && algorithm !== null ? [/spec.nasConfig: .*neural architecture search/] : []),
    ...(kind === null
      ? []
      : [
          new RegExp(`trialSpec.kind: Nothing on this computer runs a ${kind}.* Job .*TFJob .*PyTorchJob`),
          new RegExp(`collector.kind: The collector .* cannot be added to the pods of a ${kind}`),
        ]),
  ];
}

describe.skipIf(EXAMPLES_ARE_ABSENT)("Katib's examples", () => {
  it.each(EXAMPLES)('$file is accepted, or refused by the names of what is not there', (example) => {
    const refusals = loadExperimentFiles([example.path]).issues.map(formatLocatedIssue);
    const expected = expectedRefusals(example);
    for (const pattern of expected) expect(refusals.join('\n')).toMatch(pattern);
    expect(refusals.filter((refusal) => !expected.some((pattern) => pattern.test(refusal)))).toEqual([]);
  });

  it.each(EXAMPLES)('$file becomes a job in which every placeholder is filled', async (example) => {
    const experiment = withDefaults(runnableVariant(example));
    const { firstTrial, suggestions } = await previewExperiment(experiment, [], 1);
    const { trialTemplate } = experiment.spec;
    const { kind, metadata } = firstTrial as { kind: string; metadata: object };
    const name = `${experiment.metadata.name ?? ''}-0`;
    expect(metadata).toMatchObject({ name, namespace: experiment.metadata.namespace });
    const text = JSON.stringify(firstTrial);
    expect(text).not.toMatch(PLACEHOLDER);
    for (const { value } of suggestions[0]?.parameterAssignments ?? []) expect(text).toContain(value);

    const templates = jobKind(kind)?.podTemplates(firstTrial ?? {}) ?? [];
    if (missingFor(example).jobKind === null) expect(templates).not.toEqual([]);
    for (const { template } of templates) {
      const names = template.spec?.containers.map((container) => container.name);
      expect(names).toContain(trialTemplate.primaryContainerName);
    }
  });
});

describe.skipIf(EXAMPLES_ARE_ABSENT)('details of single examples', () => {
  async function jobOf(file: string): Promise<string> {
    const example = EXAMPLES.find((candidate) => candidate.file === file);
    if (!example) throw new Error(`${file} is not there`);
    const { firstTrial } = await previewExperiment(withDefaults(runnableVariant(example)), [], 1);
    return JSON.stringify(firstTrial);
  }

  it('argo-workflow.yaml keeps what Argo fills in itself', async () => {
    const job = await jobOf('argo-workflow.yaml');
    expect(job).toContain('{{steps.data-preprocessing.outputs.result}}');
    expect(job).toContain('{{inputs.parameters.epochs}}');
  });

  it("trial-metadata-substitution.yaml gets names, kind, labels and annotations of the trial's job", async () => {
    const job = await jobOf('trial-metadata-substitution.yaml');
    for (const variable of [
      '"TRIAL_NAME","value":"trial-metadata-substitution-0"',
      '"TRIAL_NAMESPACE","value":"kubeflow"',
      '"TRIAL_KIND","value":"Job"',
      '"TRIAL_API_VERSION","value":"batch/v1"',
      '"TRIAL_LABEL_CUSTOM","value":"custom-label"',
      '"TRIAL_ANNOTATION_CUSTOM","value":"custom-annotation"',
    ]) {
      expect(job).toContain(`{"name":${variable}}`);
    }
  });
});
