/* A TFJob's conditions follow the rules of all training jobs. */
export { withJobCondition as withTfJobCondition } from '../training-job/conditions.ts';
