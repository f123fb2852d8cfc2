import { resourceDefinitions } from '../core/crd/resource-definition.ts';
import type { JsonObject } from '../core/json.ts';
import { trainingJobDefinitions } from '../operators/resource-definitions.ts';

/** The CustomResourceDefinitions of all kinds that are served here and are not Kubernetes' own. */
export function servedDefinitions(): JsonObject[] {
  return [...Object.values(resourceDefinitions()), ...trainingJobDefinitions()];
}
