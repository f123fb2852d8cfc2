/** Everything that can be wrong with a specification, by stable code. docs/error-codes.md explains each. */
export const SPEC_CODES = {
  SPEC_INVALID: 'The specification has errors; the error lists every one of them.',

  SPEC_FILE_UNREADABLE: 'A manifest file cannot be read.',
  SPEC_FILE_EMPTY: 'A manifest file holds no document.',
  SPEC_YAML_SYNTAX: 'A manifest is not well-formed YAML or JSON.',
  SPEC_KIND_UNKNOWN: 'A document is of a kind that is not used here.',
  SPEC_NO_EXPERIMENT: 'The files hold no Experiment.',

  SPEC_REQUIRED: 'A required field is missing or empty.',
  SPEC_UNKNOWN_FIELD: 'A field is not known, usually because it is misspelt.',
  SPEC_WRONG_TYPE: 'A field holds a value of another type.',
  SPEC_NOT_QUOTED: 'A field that takes text holds an unquoted number or truth value.',
  SPEC_VALUE_NOT_ALLOWED: 'A field takes a few fixed values, and this is none of them.',
  SPEC_TOO_LONG: 'A text, list or number is larger than the field allows.',

  SPEC_NAME_INVALID: 'An object has a name that it, or the objects made for it, cannot carry.',
  SPEC_LABEL_INVALID: 'A label has a form that Kubernetes refuses.',
  SPEC_COUNT_INVALID: 'A trial count is out of its range, or the counts contradict each other.',

  SPEC_METRIC_NAME_INVALID: 'A metric name is empty or has characters that cannot be reported.',
  SPEC_METRIC_DUPLICATE: 'A metric is named twice.',
  SPEC_METRIC_UNKNOWN: 'A metric strategy is for a metric that the experiment does not collect.',

  SPEC_PARAMETERS_OR_NAS: 'An experiment has exactly one of spec.parameters and spec.nasConfig.',
  SPEC_NAS_UNSUPPORTED: 'Neural architecture search is not available.',
  SPEC_PARAMETER_NAME_INVALID: 'A search parameter has a name that no placeholder can refer to.',
  SPEC_PARAMETER_DUPLICATE: 'Two search parameters have the same name.',
  SPEC_PARAMETER_UNUSED: 'A search parameter is searched, but the trial template never sees its value.',
  SPEC_FIELD_NOT_FOR_TYPE: 'A feasible space has a field that does not go with the parameter type.',
  SPEC_NUMBER_INVALID: 'A text that must be a finite number is none.',
  SPEC_NUMBER_NOT_WHOLE: 'A text that must be a whole number is none.',
  SPEC_MIN_NOT_BELOW_MAX: 'A range ends before it begins, or holds a single number.',
  SPEC_STEP_INVALID: 'A step is not positive, larger than the range or too fine for it.',
  SPEC_LOG_RANGE: 'A logarithmic distribution needs a range above zero.',
  SPEC_LIST_DUPLICATE: 'A list of values has the same value twice.',

  SPEC_INITIAL_TRIAL_INVALID: 'An initial trial does not give each parameter one of its values.',

  SPEC_ALGORITHM_UNKNOWN: 'No search algorithm has this name.',
  SPEC_ALGORITHM_UNSUITABLE: 'The search algorithm cannot search this space.',
  SPEC_EARLY_STOPPER_UNKNOWN: 'No early stopping algorithm has this name.',
  SPEC_EARLY_STOPPING_NO_CURVE: 'Trials cannot be stopped early, for nothing is collected while they run.',
  SPEC_SETTING_UNKNOWN: 'The algorithm has no setting of this name.',
  SPEC_SETTING_INVALID: 'An algorithm setting has a value that the algorithm does not take.',
  SPEC_SETTING_DUPLICATE: 'An algorithm setting is given twice.',

  SPEC_TEMPLATE_SOURCE: 'A trial template has exactly one of trialSpec and configMap.',
  SPEC_TEMPLATE_INVALID: 'The trial template is not a Kubernetes object.',
  SPEC_TEMPLATE_METADATA: 'The trial template sets a name or namespace that every trial sets for itself.',
  SPEC_TRIAL_PARAMETER_INVALID: 'A trial parameter has a name that no placeholder can refer to.',
  SPEC_TRIAL_PARAMETER_DUPLICATE: 'Two trial parameters have the same name or the same reference.',
  SPEC_TRIAL_PARAMETER_UNUSED: 'A trial parameter is declared, but its placeholder is not in the template.',
  SPEC_REFERENCE_UNKNOWN: 'A trial parameter refers to something that does not exist.',
  SPEC_PLACEHOLDER_UNDEFINED: 'The template has a placeholder that no trial parameter declares.',
  SPEC_JOB_KIND_UNSUPPORTED: 'Nothing on this computer runs jobs of this kind.',
  SPEC_JOB_MANAGED_ELSEWHERE: 'The job names a manager that is not on this computer.',
  SPEC_PRIMARY_CONTAINER_MISSING: 'No primary pod of the template has the primary container.',
  SPEC_PRIMARY_POD_MISSING: 'No pod template of the job can carry the primary pod labels.',
  SPEC_CONDITION_REQUIRED: 'The kind of job has no default condition, so it must be written down.',
  SPEC_CONDITION_INVALID: 'A success or failure condition is not a GJSON expression.',
  SPEC_RESERVED_NAME: 'A name is reserved: the service sets it itself.',

  SPEC_COLLECTOR_SOURCE: 'The source of the metrics collector does not go with its kind.',
  SPEC_COLLECTOR_UNSUPPORTED: 'The metrics collector cannot be added to this kind of job.',
  SPEC_PATH_NOT_ABSOLUTE: 'A path does not begin with a slash.',
  SPEC_FILTER_INVALID: 'A metrics filter is not a regular expression with two groups, name and value.',

  SPEC_FIELD_IMMUTABLE: 'A field cannot be changed once the experiment exists.',
  SPEC_MAX_TRIALS_TOO_LOW: 'The new trial limit is not above the number of trials that exist.',
  SPEC_NOT_RESTARTABLE: 'The experiment has ended and cannot be restarted.',
} as const satisfies Record<`SPEC_${string}`, string>;

export type SpecCode = keyof typeof SPEC_CODES;
