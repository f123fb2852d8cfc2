import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import type { EventRecorder } from '../kube/event-recorder.ts';

/** Something to tell about a job, decided before anything is done. */
export interface JobEvent {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

export function recordEvents(
  recorder: EventRecorder,
  job: Stored<KubeObject>,
  events: readonly JobEvent[],
): void {
  for (const { type, reason, message } of events) recorder.record(job, type, reason, message);
}
