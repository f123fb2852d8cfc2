import { nearest } from '../did-you-mean.ts';
import { isJsonObject, valueAt } from '../json.ts';
import { type Issues, quoted, specIssue, type SpecPath } from './issue.ts';

/*
 * Kubernetes drops fields that it does not know, so that a misspelt one changes what every trial does without a word.
 * A field is an issue where it is unknown and near a known one: what a later Kubernetes has added passes.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const JOB_FIELDS = words(`
  activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions managedBy manualSelector
  maxFailedIndexes parallelism podFailurePolicy podReplacementPolicy selector successPolicy suspend template
  ttlSecondsAfterFinished`);

const POD_FIELDS = words(`
  activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks
  ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride imagePullSecrets
  initContainers nodeName nodeSelector os overhead preemptionPolicy priority priorityClassName readinessGates
  resourceClaims resources restartPolicy runtimeClassName schedulerName schedulingGates securityContext
  serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds
  tolerations topologySpreadConstraints volumes`);

const CONTAINER_FIELDS = words(`
  args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy
  resources restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce terminationMessagePath
  terminationMessagePolicy tty volumeDevices volumeMounts workingDir`);

/** The fields of a `batch/v1` Job, without its pod template. */
export function* checkJobFields(manifest: unknown, path: SpecPath): Issues {
  yield* checkFields(valueAt(manifest, ['spec']), JOB_FIELDS, [...path, 'spec']);
}

/** The fields of a pod template and of its containers. */
export function* checkPodFields(template: unknown, path: SpecPath): Issues {
  yield* checkFields(template, ['metadata', 'spec'], path);
  yield* checkFields(valueAt(template, ['spec']), POD_FIELDS, [...path, 'spec']);
  for (const field of ['containers', 'initContainers']) {
    const containers = valueAt(template, ['spec', field]);
    if (!Array.isArray(containers)) continue;
    for (const [index, container] of containers.entries()) {
      yield* checkFields(container, CONTAINER_FIELDS, [...path, 'spec', field, index]);
    }
  }
}

function* checkFields(object: unknown, known: readonly string[], path: SpecPath): Issues {
  for (const field of isJsonObject(object) ? Object.keys(object) : []) {
    const near = known.includes(field) ? undefined : nearest(field, known);
    if (near === undefined) continue;
    const message = `There is no field ${quoted(field)} here.`;
    yield specIssue('SPEC_UNKNOWN_FIELD', [...path, field], message, `Did you mean "${near}"?`);
  }
}
