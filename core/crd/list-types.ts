/**
 * Lists whose entries have a key, by field name: server-side apply merges them entry by entry, and a key cannot stand
 * twice. As in Katib's types.
 */
export const LIST_KEYS: Readonly<Record<string, string>> = {
  parameters: 'name',
  algorithmSettings: 'name',
  metricStrategies: 'name',
  trialParameters: 'name',
  operations: 'operationType',
  parameterAssignments: 'name',
  earlyStoppingRules: 'name',
  suggestions: 'name',
  metrics: 'name',
  conditions: 'type',
};

/**
 * Lists of texts that hold each value once. Katib also declares `inputSizes` a set, which its own examples break
 * (32, 32, 3), so it is not one here.
 */
export const LIST_SETS: ReadonlySet<string> = new Set(['additionalMetricNames', 'list']);
