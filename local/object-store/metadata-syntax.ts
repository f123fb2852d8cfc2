import type { ObjectMeta, OwnerReference } from '../../core/kubernetes-object.ts';
import type { ApiErrorCause } from '../../kube/api-error.ts';
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  qualifiedNameProblem,
} from '../../core/label-syntax.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { invalidValue, requiredValue } from './api-errors.ts';

/** Annotations of one object in all; Kubernetes' limit. */
const MAX_ANNOTATION_BYTES = 256 * 1024;

/** Everything that is wrong with an object's metadata, by apimachinery's rules. */
export function metadataProblems(resource: ResourceType, metadata: ObjectMeta): ApiErrorCause[] {
  return [
    ...nameProblems(resource, metadata),
    ...labelProblems(metadata.labels ?? {}),
    ...annotationProblems(metadata.annotations ?? {}),
    ...finalizerProblems(metadata.finalizers ?? []),
    ...ownerProblems(metadata.ownerReferences ?? []),
  ];
}

function nameProblems(resource: ResourceType, { name, namespace }: ObjectMeta): ApiErrorCause[] {
  const causes: ApiErrorCause[] = [];
  const nameProblem =
    resource.kind === 'Namespace' ? dnsLabelProblem(name ?? '') : dnsSubdomainProblem(name ?? '');
  if (nameProblem) causes.push(invalidValue('metadata.name', name, nameProblem));
  const namespaceProblem = namespace === undefined ? null : dnsLabelProblem(namespace);
  if (namespaceProblem) causes.push(invalidValue('metadata.namespace', namespace, namespaceProblem));
  return causes;
}

function labelProblems(labels: Record<string, string>): ApiErrorCause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const keyProblem = qualifiedNameProblem(key);
    const valueProblem = labelValueProblem(value);
    return [
      ...(keyProblem ? [invalidValue('metadata.labels', key, keyProblem)] : []),
      ...(valueProblem ? [invalidValue('metadata.labels', value, valueProblem)] : []),
    ];
  });
}

function annotationProblems(annotations: Record<string, string>): ApiErrorCause[] {
  let bytes = 0;
  const causes = Object.entries(annotations).flatMap(([key, value]) => {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    // Unlike those of labels, keys of annotations may have upper case letters in their prefix.
    const problem = qualifiedNameProblem(key.toLowerCase());
    return problem ? [invalidValue('metadata.annotations', key, problem)] : [];
  });
  if (bytes <= MAX_ANNOTATION_BYTES) return causes;
  const message = `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`;
  return [...causes, { field: 'metadata.annotations', reason: 'FieldValueTooLong', message }];
}

function finalizerProblems(finalizers: readonly string[]): ApiErrorCause[] {
  return finalizers.flatMap((finalizer) => {
    const problem = qualifiedNameProblem(finalizer);
    return problem ? [invalidValue('metadata.finalizers', finalizer, problem)] : [];
  });
}

function ownerProblems(owners: readonly OwnerReference[]): ApiErrorCause[] {
  const causes = owners.flatMap((owner, index) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => owner[field] === '')
      .map((field) => requiredValue(`metadata.ownerReferences[${index}].${field}`, 'must not be empty')),
  );
  if (owners.filter((owner) => owner.controller).length <= 1) return causes;
  const problem = 'Only one reference can have Controller set to true';
  return [
    ...causes,
    invalidValue(
      'metadata.ownerReferences',
      owners.map((owner) => owner.name),
      problem,
    ),
  ];
}
