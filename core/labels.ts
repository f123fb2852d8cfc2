/* Names that clients and other controllers know: wire facts. */

/** Labels of Katib. */
export const EXPERIMENT_LABEL = 'katib.kubeflow.org/experiment';
export const TRIAL_LABEL = 'katib.kubeflow.org/trial';

/** Labels that the Training Operator puts on the pods and services of its jobs. */
export const OPERATOR_NAME_LABEL = 'training.kubeflow.org/operator-name';
export const JOB_NAME_LABEL = 'training.kubeflow.org/job-name';
export const REPLICA_TYPE_LABEL = 'training.kubeflow.org/replica-type';
export const REPLICA_INDEX_LABEL = 'training.kubeflow.org/replica-index';
export const JOB_ROLE_LABEL = 'training.kubeflow.org/job-role';

/** Kubernetes' label on the pods of a Job, with the Job's uid: the Job knows them by it. */
export const CONTROLLER_UID_LABEL = 'batch.kubernetes.io/controller-uid';

/** Katib's finalizer on Trials: observations are deleted before the Trial goes. */
export const TRIAL_FINALIZER = 'clean-metrics-in-db';

/** Annotations that begin like this are set by the service, never by its users. */
export const OWN_ANNOTATION_PREFIX = 'katydid.dev/';

/**
 * Annotation of an Experiment: when it was told to go on, RFC 3339. It takes an end by like failures away, and failures
 * of trials that are older count no more for such an end.
 */
export const RESUMED_AT_ANNOTATION = `${OWN_ANNOTATION_PREFIX}resumed-at`;

/** Labels of trials of a search in rungs: where the trial stands, and the name of the trial that it goes on from. */
export const RUNG_LABEL = `${OWN_ANNOTATION_PREFIX}rung`;
export const BRACKET_LABEL = `${OWN_ANNOTATION_PREFIX}bracket`;
export const PARENT_LABEL = `${OWN_ANNOTATION_PREFIX}parent`;

/** Labels of trials of population based training: Katib's two, and which member of the population the trial trains. */
export const PBT_GENERATION_LABEL = 'pbt.suggestion.katib.kubeflow.org/generation';
export const PBT_PARENT_LABEL = 'pbt.suggestion.katib.kubeflow.org/parent';
export const PBT_MEMBER_LABEL = `${OWN_ANNOTATION_PREFIX}member`;

/** Annotation of a trial: where its primary container finds its checkpoint directory. */
export const CHECKPOINT_DIRECTORY_ANNOTATION = `${OWN_ANNOTATION_PREFIX}checkpoint-directory`;
/** … and the claim that holds it. */
export const CHECKPOINT_CLAIM_ANNOTATION = `${OWN_ANNOTATION_PREFIX}checkpoint-claim`;

/** Annotation of a trial's pods: the uid under which the trial's observations and log tails are stored. */
export const TRIAL_UID_ANNOTATION = `${OWN_ANNOTATION_PREFIX}trial-uid`;

/** Variable that tells the training its trial's name: Katib's. */
export const TRIAL_NAME_VARIABLE = 'KATIB_TRIAL_NAME';

/** Variable that tells the training from which trial it goes on; absent where it begins from nothing. */
export const PARENT_TRIAL_VARIABLE = 'KATYDID_PARENT_TRIAL';

/** Variable with the address to which the training may report its metrics; absent where nothing listens. */
export const REPORT_URL_VARIABLE = 'KATYDID_REPORT_URL';

/** Variable with the port on which a training serves its metrics, where the collector is PrometheusMetric. */
export const METRICS_PORT_VARIABLE = 'KATYDID_METRICS_PORT';

/** Name of the container that collects a trial's metrics: Katib's. */
export const COLLECTOR_CONTAINER = 'metrics-logger-and-collector';
