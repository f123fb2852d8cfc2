import { execFileSync } from 'node:child_process';
import { dataDirectory } from '../../cli/data-directory.ts';
import { openResults, type Results } from '../../cli/open-results.ts';
import { errorMessage } from '../../core/errors.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { checkDatabase as checkObservations } from '../../db/sqlite/open-database.ts';
import { checkDatabase as checkObjects } from '../../local/object-store/database.ts';
import { EXPERIMENT, REPORTED } from './torture-experiment.ts';
import type { Tortured } from './torture.ts';

/** Everything that is not as it would be without a single kill; empty where nothing was lost and nothing done twice. */
export async function findings(tortured: Tortured, trials: number): Promise<string[]> {
  const found = [...ofDatabases(tortured), ...ofProcesses(tortured), ...ofLastRun(tortured)];
  const results = openResults(dataDirectory(tortured.dataDir));
  try {
    const list = await results.trials(undefined);
    return [
      ...found,
      ...ofNames(list, trials),
      ...ofLedger(tortured, list),
      ...(await ofTrials(results, list)),
    ];
  } finally {
    await results.close();
  }
}

function ofDatabases({ dataDir }: Tortured): string[] {
  const { objects, observations } = dataDirectory(dataDir);
  return [() => checkObjects(objects), () => checkObservations(observations)].flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      return [errorMessage(error)];
    }
  });
}

function ofProcesses({ mark }: Tortured): string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return all
    .split('\n')
    .filter((line) => line.includes(mark))
    .map((line) => `a process is left: ${line.trim()}`);
}

function ofLastRun({ lastRun }: Tortured): string[] {
  return lastRun.code === 0 ? [] : [`the last run ended with ${lastRun.code}: ${lastRun.stderr}`];
}

function ofNames(list: readonly StoredTrial[], trials: number): string[] {
  const expected = Array.from({ length: trials }, (_, index) => `${EXPERIMENT}-${index}`);
  const names = list.map(({ metadata }) => metadata.name);
  if (names.length === trials && names.every((name, index) => name === expected[index])) return [];
  const missing = expected.filter((name) => !names.includes(name));
  const added = names.filter((name) => !expected.includes(name));
  return [
    `${names.length} trials, not ${trials}; missing: ${missing.join(', ')}; too many: ${added.join(', ')}`,
  ];
}

/** A training whose end the killed service had not stored is run again, so a name may be there several times. */
function ofLedger({ ledger }: Tortured, list: readonly StoredTrial[]): string[] {
  const names = new Set(list.map(({ metadata }) => metadata.name));
  const completed = new Set(ledger);
  return [
    ...[...names].filter((name) => !completed.has(name)).map((name) => `${name} never ran to its end`),
    ...[...completed].filter((name) => !names.has(name)).map((name) => `${name} ran, but is no trial`),
  ];
}

async function ofTrials(results: Results, list: readonly StoredTrial[]): Promise<string[]> {
  const found: string[] = [];
  for (const trial of list) {
    const { name, uid } = trial.metadata;
    const succeeded = trial.status?.conditions?.some(
      ({ type, status }) => type === 'Succeeded' && status === 'True',
    );
    if (!succeeded) found.push(`${name} has not succeeded: ${JSON.stringify(trial.status?.conditions)}`);
    const [summary, ...others] = await results.observations.summaries(uid);
    const assigned = Number(trial.spec.parameterAssignments[0]?.value);
    const isRight = summary?.count === REPORTED && summary.latest === assigned && summary.min === assigned;
    if (!isRight || others.length > 0)
      found.push(
        `${name} reported ${REPORTED} times ${assigned}; stored is ${JSON.stringify([summary, ...others])}`,
      );
    const latest = trial.status?.observation?.metrics?.[0]?.latest;
    if (Number(latest) !== assigned) found.push(`${name} has the result ${latest}, not ${assigned}`);
  }
  return found;
}
