import type { Clock } from '../../core/clock.ts';
import { isTerminal, trialState, type StoredTrial } from '../../core/trial.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { TRIALS } from '../../kube/resource.ts';
import { killedStatus } from './conclusion.ts';

/**
 * Marks an active trial as Killed; its controller then ends the job and keeps what was reported. Whether the trial was
 * still active. Conflict where it changed in between.
 */
export async function killTrial(
  client: KubeClient,
  trial: StoredTrial,
  message: string,
  clock: Clock,
): Promise<boolean> {
  if (isTerminal(trialState(trial))) return false;
  try {
    await client.updateStatus(TRIALS, { ...trial, status: killedStatus(trial.status, message, clock.now()) });
    return true;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return false;
    throw error;
  }
}
