import { checkpointAnnotations, checkpointsOf } from '../../core/checkpoints.ts';
import { KUBEFLOW_V1BETA1, type StoredExperiment } from '../../core/experiment.ts';
import { jobKind } from '../../core/job-kinds.ts';
import { controllerReference } from '../../core/kubernetes-object.ts';
import { EXPERIMENT_LABEL, TRIAL_FINALIZER } from '../../core/labels.ts';
import type { TrialAssignment } from '../../core/suggestion.ts';
import { renderTrialSpec } from '../../core/trial-template.ts';
import type { Trial, TrialSpec } from '../../core/trial.ts';

/**
 * The Trial for an assignment, with its job rendered. `template` is the inline object or the text of the ConfigMap.
 * Throws SpecError where the template cannot be rendered.
 */
export function trialManifest(
  experiment: StoredExperiment,
  template: Record<string, unknown> | string,
  assignment: TrialAssignment,
): Trial {
  const { name, namespace = '', labels } = experiment.metadata;
  const checkpoints = checkpointsOf(name, experiment.spec.algorithm);
  return {
    apiVersion: KUBEFLOW_V1BETA1,
    kind: 'Trial',
    metadata: {
      name: assignment.name,
      namespace,
      labels: { ...labels, ...assignment.labels, [EXPERIMENT_LABEL]: name },
      ...(checkpoints && { annotations: checkpointAnnotations(checkpoints) }),
      ownerReferences: [controllerReference(experiment)],
      finalizers: [TRIAL_FINALIZER],
    },
    spec: trialSpec(experiment, template, assignment),
  };
}

function trialSpec(
  { spec, metadata }: StoredExperiment,
  template: Record<string, unknown> | string,
  assignment: TrialAssignment,
): TrialSpec {
  const { parameterAssignments = [], earlyStoppingRules } = assignment;
  const { retain, trialParameters = [], primaryPodLabels, primaryContainerName } = spec.trialTemplate;
  const runSpec = renderTrialSpec({
    template,
    trialParameters,
    assignments: parameterAssignments,
    trialName: assignment.name,
    trialNamespace: metadata.namespace ?? '',
  });
  // The kind of a template in a ConfigMap is known only now, so its defaults are filled in here.
  const kind = jobKind(typeof runSpec.kind === 'string' ? runSpec.kind : '');
  const podLabels = primaryPodLabels ?? kind?.primaryPodLabels;
  return {
    objective: spec.objective,
    parameterAssignments,
    ...(earlyStoppingRules && { earlyStoppingRules }),
    runSpec,
    ...(retain !== undefined && { retainRun: retain }),
    ...(spec.metricsCollectorSpec && { metricsCollector: spec.metricsCollectorSpec }),
    ...(podLabels && Object.keys(podLabels).length > 0 && { primaryPodLabels: podLabels }),
    ...(primaryContainerName !== undefined && { primaryContainerName }),
    ...conditionField('successCondition', spec.trialTemplate.successCondition ?? kind?.successCondition),
    ...conditionField('failureCondition', spec.trialTemplate.failureCondition ?? kind?.failureCondition),
  };
}

function conditionField(
  name: 'successCondition' | 'failureCondition',
  expression: string | null | undefined,
): Partial<TrialSpec> {
  return expression == null ? {} : { [name]: expression };
}
