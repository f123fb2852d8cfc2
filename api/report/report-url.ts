import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Where a trial reports its metrics: whoever knows this address may report for this trial, and do nothing else. It is
 * given to the training in `KATYDID_REPORT_URL`. `base` is the address of the REST server.
 */
export function reportUrl(base: string, key: Uint8Array, trialUid: string): string {
  return `${base}/api/v1/report/${encodeURIComponent(trialUid)}/${capability(key, trialUid)}`;
}

/** Whether the last part of a report address belongs to the trial. */
export function isCapability(key: Uint8Array, trialUid: string, given: string): boolean {
  const wanted = Buffer.from(capability(key, trialUid));
  const got = Buffer.from(given);
  return got.length === wanted.length && timingSafeEqual(got, wanted);
}

function capability(key: Uint8Array, trialUid: string): string {
  return createHmac('sha256', key).update(`report for trial ${trialUid}`).digest('base64url');
}
