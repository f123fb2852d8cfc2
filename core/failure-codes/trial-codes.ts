import { COLLECTOR_CONTAINER } from '../labels.ts';

/**
 * What a failure follows from. `setup`: every trial will fail so until something is corrected. `parameters`: trials with
 * other values may do well. `infrastructure`: the same trial may do well when it is tried again.
 */
export type FailureNature = 'setup' | 'parameters' | 'infrastructure';

/** What a code stands for, for docs/error-codes.md, and what to do about it. */
export interface FailureCodeEntry {
  nature: FailureNature;
  description: string;
  remedy: string;
}

/** Why trials fail or end without metrics, by stable code. `LOCAL_*` codes come from the runner and pass through. */
export const FAILURE_CODES = {
  TRIAL_EXIT_CODE: {
    nature: 'parameters',
    description: 'A container of the trial ended with an exit code other than 0.',
    remedy: 'Correct the error that its last lines of output show.',
  },
  TRIAL_COMMAND_NOT_FOUND: {
    nature: 'setup',
    description: 'The command of a container does not exist where it runs (exit code 127).',
    remedy:
      'Check command and args in the trial template, and that the program is in the image or on this computer.',
  },
  TRIAL_COMMAND_NOT_EXECUTABLE: {
    nature: 'setup',
    description: 'The command of a container exists but may not be executed (exit code 126).',
    remedy:
      'Make the file executable, or call it through its interpreter, for example ["python3", "train.py"].',
  },
  TRIAL_MODULE_MISSING: {
    nature: 'setup',
    description: 'The training program imports a module that is not installed where it runs.',
    remedy: 'Install the module in the image, or in the environment whose interpreter the command calls.',
  },
  TRIAL_FILE_MISSING: {
    nature: 'setup',
    description: 'The training program, or a file that it reads, does not exist where it runs.',
    remedy:
      'Correct the path; relative ones are meant from the workingDir of the container. Data that is elsewhere is mounted by a volume.',
  },
  TRIAL_PERMISSION_DENIED: {
    nature: 'setup',
    description: 'The training program may not read or write something that it needs.',
    remedy: 'Let it write into a volume, or change owner and mode of the path that the message names.',
  },
  TRIAL_ARGUMENT_REFUSED: {
    nature: 'setup',
    description: 'The training program does not know an argument that it was given, or lacks one.',
    remedy: 'Compare command and args in the trial template with what the program prints for --help.',
  },
  TRIAL_GPU_ERROR: {
    nature: 'setup',
    description: 'The training program could not use a GPU.',
    remedy:
      'Compare the versions of driver, CUDA and framework, and request a GPU in resources.limits, or let the program run without one.',
  },
  TRIAL_DISK_FULL: {
    nature: 'infrastructure',
    description: 'The training program found no room on a disk.',
    remedy: 'Free space, write less or elsewhere, or keep fewer checkpoints.',
  },
  TRIAL_NETWORK_UNAVAILABLE: {
    nature: 'infrastructure',
    description: 'The training program could not reach another computer, for example to download its data.',
    remedy: 'Check name and network, or download the data beforehand into a volume.',
  },
  TRIAL_OUT_OF_MEMORY: {
    nature: 'parameters',
    description: 'A container ran out of memory.',
    remedy:
      'Raise the memory limit in the trial template, or narrow the parameters that decide about memory use.',
  },
  TRIAL_KILLED_BY_SIGNAL: {
    nature: 'parameters',
    description: 'A container was ended by a signal from outside, or crashed.',
    remedy: 'Find out who sent the signal; SIGKILL usually means memory, SIGSEGV a defect of the program.',
  },
  TRIAL_DEADLINE: {
    nature: 'parameters',
    description: 'The job ran longer than its deadline allows.',
    remedy: 'Raise activeDeadlineSeconds in the trial template, or make the training shorter.',
  },
  TRIAL_EVICTED: {
    nature: 'infrastructure',
    description: 'The node gave a pod up, for example for lack of memory or disk.',
    remedy: 'Request the resources that the trial needs, so that it is placed where they are.',
  },
  TRIAL_CONTAINER_NOT_STARTED: {
    nature: 'setup',
    description: 'A container could not be started, for example because its image cannot be pulled.',
    remedy: 'Check image name, pull secrets and the ConfigMaps and Secrets that the container refers to.',
  },
  TRIAL_JOB_FAILED: {
    nature: 'parameters',
    description: 'The job says that it failed, and none of its pods is left to tell why.',
    remedy: 'Set trialTemplate.retain to true to keep the pods, and look at the events of the job.',
  },
  TRIAL_JOB_REFUSED: {
    nature: 'setup',
    description: 'The API refused to create the job of the trial.',
    remedy: 'Correct the trial template as the message says.',
  },
  TRIAL_JOB_NAME_TAKEN: {
    nature: 'setup',
    description: 'Another object already has the name of the job.',
    remedy: 'Delete the other object, or give the experiment another name.',
  },
  TRIAL_PRIMARY_CONTAINER_MISSING: {
    nature: 'setup',
    description: 'No pod that metrics could come from has the primary container.',
    remedy: 'Set trialTemplate.primaryContainerName to the name of the container that trains.',
  },
  TRIAL_SPEC_INCOMPLETE: {
    nature: 'setup',
    description: 'The Trial carries no job to run.',
    remedy: 'Set runSpec to a manifest with apiVersion and kind; Experiments do it themselves.',
  },
  LOCAL_KIND_UNSUPPORTED: {
    nature: 'setup',
    description: 'Nothing here runs jobs of this kind.',
    remedy: 'Use a kind that is served here, or submit the experiment to a cluster that has the kind.',
  },
  METRICS_NO_OUTPUT: {
    nature: 'setup',
    description: 'The training ended well but wrote nothing that the collector reads.',
    remedy: 'Print the objective, for example a line "accuracy=0.93", and flush the output.',
  },
  METRICS_NO_LINE_MATCHED: {
    nature: 'setup',
    description: 'The training wrote output, but no line of it reports a metric.',
    remedy:
      'Print lines such as "accuracy=0.93", or set metricsCollectorSpec.source.filter.metricsFormat to a pattern that fits.',
  },
  METRICS_OTHER_NAMES_SEEN: {
    nature: 'setup',
    description: 'The output reports metrics, but not the objective.',
    remedy:
      'Set objective.objectiveMetricName to the name that the training reports, or change the name that it prints.',
  },
  METRICS_NOT_A_NUMBER: {
    nature: 'parameters',
    description: 'The objective was reported, but never with a number.',
    remedy: 'Print the plain number, for example loss.item() instead of loss.',
  },
  METRICS_NAN: {
    nature: 'parameters',
    description: 'The value of the objective that counts is NaN: the training diverged.',
    remedy:
      'Look for a learning rate that is too high, a division by zero or a logarithm of zero; leave such parameters out of the search space.',
  },
  METRICS_FILE_MISSING: {
    nature: 'setup',
    description: 'The file or directory that the collector reads never appeared.',
    remedy: 'Write the metrics to the path of metricsCollectorSpec.source.fileSystemPath.',
  },
  METRICS_UNREADABLE: {
    nature: 'setup',
    description: 'What the collector read is damaged or in another format.',
    remedy: 'Check metricsCollectorSpec.source.fileSystemPath.format against what the training writes.',
  },
  METRICS_ENDPOINT_UNREACHABLE: {
    nature: 'setup',
    description: 'Nobody answered at the address where the training was to serve its metrics.',
    remedy:
      'Let the training serve its metrics on the port in KATYDID_METRICS_PORT, at the path of metricsCollectorSpec.source.httpGet, for as long as it runs.',
  },
  METRICS_COLLECTOR_SILENT: {
    nature: 'setup',
    description: 'The container of a collector of kind Custom reported no value of the objective.',
    remedy:
      'Let it print lines such as "accuracy=0.93", or send them to the address in KATYDID_REPORT_URL, at the latest when it gets SIGTERM.',
  },
  METRICS_COLLECTOR_NEVER_FINISHED: {
    nature: 'parameters',
    description: 'The job is over, but its metrics collector never said that it had read everything.',
    remedy: `Look at the pod of the trial for what became of its ${COLLECTOR_CONTAINER} container.`,
  },
  METRICS_NEVER_PUSHED: {
    nature: 'setup',
    description: 'The collector kind is Push, and the training pushed no value of the objective.',
    remedy: 'Report the objective from the training code (report_metrics), or use the StdOut collector.',
  },
  METRICS_NO_COLLECTOR: {
    nature: 'setup',
    description: 'The collector kind is None, so that nothing reads the metrics of the trial.',
    remedy: 'Set metricsCollectorSpec.collector.kind to StdOut, or to the kind that fits the training.',
  },
  METRICS_COLLECTOR_UNSUPPORTED: {
    nature: 'setup',
    description: 'The collector kind, or the kind of job under it, cannot be collected from.',
    remedy:
      'Use a kind of job whose pod templates are known, or let the training report by itself and write kind: Push.',
  },
} as const satisfies Record<string, FailureCodeEntry>;

export type KnownFailureCode = keyof typeof FAILURE_CODES;

/** A documented code, or one of the runner's own. */
export type FailureCode = KnownFailureCode | `LOCAL_${string}`;

export function isLocalCode(reason: string | undefined): reason is `LOCAL_${string}` {
  return reason !== undefined && /^LOCAL_[A-Z_]+$/.test(reason);
}
