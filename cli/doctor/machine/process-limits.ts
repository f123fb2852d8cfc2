import { ok, problem, warning, type Check, type Finding } from '../check.ts';
import type { DoctorContext } from '../context.ts';

/** The service itself: two databases, two servers, logs, connections of clients. */
const OPEN_FILES_LEAST = 128;
/** Room for a hundred trainings with logs and pipes. */
const OPEN_FILES_ENOUGH = 1_024;

/** A training with TensorFlow or PyTorch starts threads by the dozen, and each counts. */
const PROCESSES_LEAST = 64;
const PROCESSES_ENOUGH = 512;

const NOT_TOLD = ok('This system does not tell.');

export const openFiles: Check<DoctorContext> = {
  id: 'open-files',
  title: 'Open files',
  why: 'Each running training needs a log, pipes and connections; without them its start fails with EMFILE.',
  run({ probes }) {
    const limit = probes.limits()?.openFiles;
    if (limit === undefined) return [NOT_TOLD];
    if (limit === Infinity) return [ok('Without limit.')];
    const found = `${limit} may be open at once`;
    const remedy = `Raise the limit before you start katydid: ulimit -n ${OPEN_FILES_ENOUGH * 4}`;
    if (limit < OPEN_FILES_LEAST) return [problem(`${found}, too few even for the service.`, remedy)];
    if (limit < OPEN_FILES_ENOUGH) return [warning(`${found}, too few for many trials at once.`, remedy)];
    return [ok(`${found}.`)];
  },
};

export const processLimit: Check<DoctorContext> = {
  id: 'process-limit',
  title: 'Processes',
  why: 'Trainings are processes with many threads each; beyond the limit they cannot start, or crash while they run.',
  run({ probes }) {
    const limits = probes.limits();
    if (!limits) return [NOT_TOLD];
    const { processes, processesLeftInGroup } = limits;
    return [
      judged(processes, 'processes and threads are allowed to this user', 'ulimit -u 4096'),
      ...(processesLeftInGroup === Infinity
        ? []
        : [judged(processesLeftInGroup, 'more are allowed in this container or service', 'pids.max')]),
    ];
  },
};

function judged(count: number, of: string, setting: string): Finding {
  if (count === Infinity) return ok('Without limit.');
  const found = `${count} ${of}`;
  const remedy = setting.startsWith('ulimit')
    ? `Raise the limit before you start katydid: ${setting}`
    : `Raise ${setting} of the control group (docker run --pids-limit, TasksMax of a systemd service), or end other programs in it.`;
  if (count < PROCESSES_LEAST) return problem(`${found}, too few for a training.`, remedy);
  if (count < PROCESSES_ENOUGH) return warning(`${found}, too few for several trainings.`, remedy);
  return ok(`${found}.`);
}
