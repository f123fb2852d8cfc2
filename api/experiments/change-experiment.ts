import type { StoredExperiment } from '../../core/experiment.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { experimentRef, findExperiment, type PathParameters } from '../find-object.ts';
import { Problem } from '../problem/problem.ts';
import { hasTag, versionTag } from '../router/entity-tag.ts';

/** The experiment of the path at one of the versions that `If-Match` names. @throws Problem REST_PRECONDITION_FAILED */
export async function experimentAtVersion(
  client: KubeClient,
  params: PathParameters,
  ifMatch: string | undefined,
): Promise<StoredExperiment> {
  const experiment = await findExperiment(client, params);
  if (ifMatch !== undefined && !hasTag(ifMatch, versionTag(experiment.metadata.resourceVersion)))
    throw changed();
  return experiment;
}

/** Applies a JSON merge patch (RFC 7386) to the experiment as it was seen. */
export async function patchExperiment(
  client: KubeClient,
  seen: StoredExperiment,
  patch: JsonObject,
): Promise<StoredExperiment> {
  const { namespace = '', name, resourceVersion } = seen.metadata;
  const metadata = patch['metadata'];
  const body = { ...patch, metadata: { ...(isJsonObject(metadata) ? metadata : {}), resourceVersion } };
  try {
    return await client.patch(EXPERIMENTS, experimentRef({ namespace, experiment: name }), {
      type: 'merge',
      body,
    });
  } catch (error) {
    if (isApiError(error, 'Conflict')) throw changed();
    throw error;
  }
}

function changed(): Problem {
  const hint = 'GET it again, look at what changed, and repeat the request with the new ETag.';
  return new Problem('REST_PRECONDITION_FAILED', 'The experiment has another version than If-Match says.', {
    hint,
  });
}
