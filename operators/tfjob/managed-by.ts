/* A TFJob names its manager as all training jobs do. */
export { isManagedElsewhere } from '../training-job/managed-by.ts';
