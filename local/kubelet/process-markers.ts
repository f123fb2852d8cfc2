/*
 * Variables in the environment of everything that a pod starts. They are inherited by children, so that processes that
 * left their process group, or were started an instant before the service was killed, are still found.
 */
export const POD_UID_VARIABLE = 'KATYDID_POD_UID';
/** Not KATYDID_DATA_DIR, with which users choose a directory: their shells and programs would be taken for trainings. */
export const DATA_DIR_VARIABLE = 'KATYDID_POD_DATA_DIR';

export function processMarkers(dataDir: string, podUid: string): Record<string, string> {
  return { [DATA_DIR_VARIABLE]: dataDir, [POD_UID_VARIABLE]: podUid };
}
