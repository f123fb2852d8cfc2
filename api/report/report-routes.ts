import { z } from 'zod';
import { UNLIMITED_SPACE } from '../../core/disk-space.ts';
import { HTTP_SOURCE, type Observation } from '../../core/observation.ts';
import { retryWhileFull } from '../../core/retry-while-full.ts';
import { isTerminal, trialState, type StoredTrial } from '../../core/trial.ts';
import { jsonNumber, jsonNumberSchema } from '../json-number.ts';
import { Problem } from '../problem/problem.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Call, Route } from '../route.ts';
import type { TrialIndex } from '../trials/trial-index.ts';
import { timeSchema } from '../view-parts.ts';
import { readReport } from './report-readings.ts';
import { isCapability } from './report-url.ts';

const MAX_BODY_BYTES = 1_048_576;

const bodySchema = z
  .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown()))])
  .meta({ id: 'Report' });

const stored = z
  .strictObject({
    stored: z.array(
      z.strictObject({
        metric: z.string(),
        value: jsonNumberSchema,
        step: z.number().nullable(),
        time: timeSchema,
      }),
    ),
  })
  .meta({ id: 'Reported' });

/** One call with which a training reports metrics, from any language. */
export function reportRoutes(options: RestOptions, trials: TrialIndex): Route[] {
  const { sink, clock, reportKey, space = UNLIMITED_SPACE } = options;
  const nextSequence = createSequence(clock);
  return [
    {
      method: 'post',
      path: '/report/{trialUid}/{capability}',
      operationId: 'report',
      tag: 'report',
      summary: 'Report metrics of a trial, from the trial',
      description:
        'The address is in the variable KATYDID_REPORT_URL of every container of a trial, and needs no token. A text is read like printed lines (`loss=0.1`), JSON like lines of a JSON log: `{"loss": 0.1, "step": 3}`, or a list of such.',
      open: true,
      body: bodySchema,
      bodyTypes: ['application/json', 'text/plain', 'application/x-www-form-urlencoded'],
      maxBodyBytes: MAX_BODY_BYTES,
      responses: { 202: { description: 'What was stored.', schema: stored } },
      async handle({ params, body, signal }) {
        const { trialUid = '', capability = '' } = params;
        if (!isCapability(reportKey, trialUid, capability)) throw unknown();
        await trials.synced();
        const observations = observationsOf(runningTrial(trials, trialUid), body, clock.now(), nextSequence);
        // A training that does not look at the answer must not lose a value: it waits until there is room.
        await retryWhileFull('report over HTTP', { ...options, space }, signal, () =>
          sink.report({ trialUid, source: HTTP_SOURCE }, observations),
        );
        return { status: 202, body: { stored: observations.map(shown) } };
      },
    },
  ];
}

function runningTrial(trials: TrialIndex, trialUid: string): StoredTrial {
  const trial = trials.byUid(trialUid);
  if (!trial) throw unknown();
  const state = trialState(trial);
  if (!isTerminal(state)) return trial;
  throw new Problem('REST_CONFLICT', `Trial ${trial.metadata.name} has ended (${state}).`, {
    hint: 'What a trial reports counts until it has ended.',
  });
}

function unknown(): Problem {
  return new Problem('REST_NOT_FOUND', 'No trial reports to this address.', {
    hint: 'Use the address in KATYDID_REPORT_URL as it is.',
  });
}

function observationsOf(
  { spec }: StoredTrial,
  body: Call['body'],
  nowMs: number,
  nextSequence: () => number,
): Observation[] {
  const { objectiveMetricName, additionalMetricNames = [] } = spec.objective;
  const metrics = [objectiveMetricName, ...additionalMetricNames];
  const { readings, otherNames, notNumbers } = readReport(body, metrics);
  if (readings.length === 0) throw nothingFound(metrics, otherNames, notNumbers);
  return readings.map(({ timeMs, ...reading }) => ({
    ...reading,
    timeMs: timeMs ?? nowMs,
    sequence: nextSequence(),
  }));
}

function nothingFound(
  metrics: readonly string[],
  otherNames: readonly string[],
  notNumbers: Readonly<Record<string, string>>,
): Problem {
  const seen = Object.entries(notNumbers).map(([name, text]) => `${name} with ${JSON.stringify(text)}`);
  const found = [...seen, ...otherNames].slice(0, 10);
  const detail = found.length === 0 ? 'The report names no value.' : `The report names ${found.join(', ')}.`;
  return new Problem('REST_BODY_INVALID', detail, {
    hint: `The experiment asks for ${metrics.join(', ')}. Send for example ${metrics[0] ?? 'loss'}=0.5`,
  });
}

/**
 * Numbers that grow from report to report, also over restarts: microseconds of the clock, or one more than the last
 * where that is not more.
 */
function createSequence(clock: RestOptions['clock']): () => number {
  let last = 0;
  return () => (last = Math.max(last + 1, Math.floor(clock.now()) * 1_000));
}

function shown({ metric, value, step, timeMs }: Observation): z.infer<typeof stored>['stored'][number] {
  return { metric, value: jsonNumber(value), step, time: new Date(timeMs).toISOString() };
}
