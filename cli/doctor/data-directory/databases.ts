import { existsSync, statSync } from 'node:fs';
import { KatydidError } from '../../../core/errors.ts';
import { checkDatabase as checkObservations } from '../../../db/sqlite/open-database.ts';
import { checkDatabase as checkObjects } from '../../../local/object-store/database.ts';
import { formatBytes } from '../bytes.ts';
import { ok, problem, type Check, type Finding } from '../check.ts';
import type { DoctorContext } from '../context.ts';

export const objectsDatabase: Check<DoctorContext> = {
  id: 'objects-database',
  title: 'Experiments (objects.db)',
  why: 'It holds the experiments and their trials; a damaged one is refused at the start, so that nothing goes on from half of it.',
  run: ({ directory }) => [healthOf(directory.objects, checkObjects)],
};

export const observationsDatabase: Check<DoctorContext> = {
  id: 'observations-database',
  title: 'Metrics (observations.db)',
  why: 'It holds what trials reported; a damaged one is refused at the start.',
  run: ({ directory }) => [healthOf(directory.observations, checkObservations)],
};

function healthOf(path: string, check: (path: string) => void): Finding {
  if (!existsSync(path)) return ok('Made by the first run.');
  try {
    check(path);
    return ok(`${formatBytes(statSync(path).size)}, every page is in order.`);
  } catch (error) {
    if (!(error instanceof KatydidError)) throw error;
    const remedy = error.remedy ?? 'Move the file away to begin with an empty one.';
    return problem(`${error.message} [${error.code}]`, remedy);
  }
}
