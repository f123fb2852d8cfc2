import type { StoredExperiment } from '../../core/experiment.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';

/** A busy controller writes the object several times a second; each attempt reads it anew. */
const ATTEMPTS = 20;

/** What is to become of the stored experiment; null to leave it as it is. */
export type ExperimentEdit = (stored: StoredExperiment) => StoredExperiment | null;

/**
 * Changes an experiment in whatever state it is when the change arrives: `edit` is asked again where somebody else wrote
 * in between. Rejects with what `edit` throws, and with ApiError where the change is refused or there is no experiment.
 */
export async function editExperiment(
  client: KubeClient,
  ref: ObjectRef,
  edit: ExperimentEdit,
): Promise<{ before: StoredExperiment; after: StoredExperiment; changed: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const before = await client.get(EXPERIMENTS, ref);
    const wanted = edit(before);
    if (!wanted) return { before, after: before, changed: false };
    try {
      return { before, after: await client.update(EXPERIMENTS, wanted), changed: true };
    } catch (error) {
      if (!isApiError(error, 'Conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}
