import { z } from 'zod';
import { formatPath, type SpecIssue } from '../errors.ts';
import {
  algorithmSchema,
  type Experiment,
  experimentSchema,
  experimentSpecSchema,
  metricsCollectorSchema,
  objectiveSchema,
  trialTemplateSchema,
} from '../experiment.ts';
import { isJsonObject, valueAt, withoutNulls } from '../json.ts';
import { objectMetaSchema } from '../kubernetes-object.ts';
import type { AlgorithmCatalog } from './algorithm-catalog.ts';
import { checkCounts } from './counts.ts';
import { checkEarlyStopping, checkHasCurves } from './early-stopping.ts';
import type { Issues } from './issue.ts';
import { checkMetadata } from './metadata.ts';
import {
  checkCollectorFits,
  checkCollectorName,
  checkMetricsCollector,
  checkMetricsPort,
} from './metrics-collector.ts';
import { checkObjective } from './objective.ts';
import { schemaIssues, type SourceText, withoutRefused } from './schema-issues.ts';
import { checkSearch } from './search.ts';
import { checkTrialTemplate } from './trial-template.ts';

export interface ExperimentValidation {
  /** The document as an Experiment, without null fields; null where there is any issue. */
  experiment: Experiment | null;
  /** Everything that is wrong, not just the first thing. */
  issues: SpecIssue[];
}

/**
 * Checks a document against the schema and against all rules between fields. Fields that are null count as absent,
 * as in Kubernetes' own types. Parts that the schema refuses do not keep the other parts from being checked.
 * `sourceText` gives scalars as they were written, for messages.
 */
export function validateExperiment(
  document: unknown,
  catalog: AlgorithmCatalog,
  options: { sourceText?: SourceText } = {},
): ExperimentValidation {
  const candidate = withoutNulls(document);
  const parsed = experimentSchema.safeParse(candidate);
  if (parsed.success) {
    const issues = [...checkSections(parsed.data, catalog)];
    return { experiment: issues.length === 0 ? parsed.data : null, issues };
  }
  const issues = schemaIssues(experimentSchema, candidate, parsed.error, options.sourceText);
  const refused = new Set(issues.map(({ path }) => formatPath(path)));
  const readable = withoutRefused(experimentSchema, candidate, parsed.error);
  const others = [...checkSections(readable, catalog)].filter(({ path }) => !refused.has(formatPath(path)));
  return { experiment: null, issues: [...issues, ...others] };
}

/** Every part that its own schema accepts is checked. */
function* checkSections(document: unknown, catalog: AlgorithmCatalog): Issues {
  const part = <T>(schema: z.ZodType<T>, ...path: string[]): T | undefined =>
    schema.safeParse(valueAt(document, path)).data;

  const metadata = part(objectMetaSchema, 'metadata');
  if (metadata) yield* checkMetadata(metadata);
  const spec = valueAt(document, ['spec']);
  if (!isJsonObject(spec)) return;

  const counts = part(countsSchema, 'spec') ?? {};
  yield* checkCounts(counts);
  const objective = part(objectiveMetricsSchema, 'spec', 'objective');
  if (objective) yield* checkObjective(objective);
  yield* checkSearch(spec, counts, catalog);
  const earlyStopping = part(algorithmSchema, 'spec', 'earlyStopping');
  if (earlyStopping) yield* checkEarlyStopping(earlyStopping, catalog);
  const collector = part(metricsCollectorSchema, 'spec', 'metricsCollectorSpec');
  if (collector) yield* checkMetricsCollector(collector);
  if (collector && earlyStopping) yield* checkHasCurves(collector);
  const template = part(trialTemplateSchema, 'spec', 'trialTemplate');
  if (template) yield* checkTrialTemplate(template, parameterNames(spec));
  const kind = template?.trialSpec?.kind;
  if (typeof kind === 'string') yield* checkCollectorFits(collector ?? {}, kind);
  if (collector && template) {
    yield* checkMetricsPort(collector, template);
    yield* checkCollectorName(collector, template);
  }
}

const { shape } = experimentSpecSchema;
/** The counts that are whole numbers; the schema reports the others. */
const countsSchema = z.object({
  parallelTrialCount: shape.parallelTrialCount.catch(undefined),
  maxTrialCount: shape.maxTrialCount.catch(undefined),
  maxFailedTrialCount: shape.maxFailedTrialCount.catch(undefined),
});

/** Only the metrics, so that a misspelt type does not hide what else is wrong. */
const objectiveMetricsSchema = z.object({
  objectiveMetricName: objectiveSchema.shape.objectiveMetricName,
  additionalMetricNames: objectiveSchema.shape.additionalMetricNames,
  metricStrategies: objectiveSchema.shape.metricStrategies,
});

/** Names that trial parameters may refer to; null where they cannot all be read. */
function parameterNames(spec: Record<string, unknown>): string[] | null {
  if (!Array.isArray(spec.parameters)) return null;
  const names = spec.parameters.map((parameter: unknown) => valueAt(parameter, ['name']));
  return names.every((name) => typeof name === 'string') ? names : null;
}
