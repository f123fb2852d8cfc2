/* A TFJob's status is decided as that of all training jobs, by what its specification says. */
export { decide, type Decision, type PodsWanted } from '../training-job/status.ts';
