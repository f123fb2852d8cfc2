import { existsSync, realpathSync } from 'node:fs';
import { suggestedCommand } from '../../command-line.ts';
import { serverFile } from '../../serve/server-file.ts';
import { ok, problem, warning, type Check } from '../check.ts';
import type { DoctorContext } from '../context.ts';

export const lock: Check<DoctorContext> = {
  id: 'lock',
  title: 'Lock',
  why: 'One service works in a data directory at a time; a second one is refused.',
  run({ directory, service, probes }) {
    const { isLocked, holder, answers } = service;
    if (isLocked && answers) return [ok(`katydid (pid ${holder ?? 'unknown'}) works here, and answers.`)];
    if (isLocked) {
      const found = `Another process (pid ${holder ?? 'unknown'}) works here, and does not answer.`;
      const remedy = `If it is just starting, wait. If it hangs, end it (kill ${holder ?? 'PID'}) and start katydid anew: nothing is lost.`;
      return [problem(found, remedy)];
    }
    if (existsSync(directory.lockHolder) && holder === null) {
      return [
        warning('lock.pid is damaged.', 'Nothing: the next start writes it anew, and the lock is free.'),
      ];
    }
    if (holder !== null && probes.isRunning(holder)) {
      const found = `lock.pid names process ${holder}, which runs and does not hold the lock.`;
      return [
        warning(
          found,
          `Look what it is before you end it: ps -p ${holder}. It keeps nobody from working here.`,
        ),
      ];
    }
    return [ok('Free.')];
  },
};

export const serverFileCheck: Check<DoctorContext> = {
  id: 'server-file',
  title: 'Servers (server.json)',
  why: 'Other commands find the running service by it.',
  run({ directory, service, probes }) {
    const { isLocked, server, answers } = service;
    if (!server) {
      if (!existsSync(serverFile(directory))) return [ok('None has listened here yet.')];
      const remedy = 'Start the service anew, which writes the file.';
      return [(isLocked ? problem : warning)('server.json is damaged.', remedy)];
    }
    if (answers) return [ok(`${server.rest} and ${server.kube}, pid ${server.pid}.`)];
    if (isLocked) return [ok('See the lock.')];
    const end = probes.isRunning(server.pid) ? 'is another program now' : 'has ended';
    const found = `The service (pid ${server.pid}) that listened at ${server.rest} ${end}.`;
    const command = suggestedCommand(['serve', '--data-dir', directory.path]);
    return [warning(found, `Start it where you want to use kubectl or curl: ${command}`)];
  },
};

export const leftovers: Check<DoctorContext> = {
  id: 'leftover-processes',
  title: 'Left processes',
  why: 'Trainings that a killed service left behind use CPUs and GPUs, and write over the files of the next ones.',
  run({ directory, service, probes }) {
    if (!existsSync(directory.path)) return [ok('None.')];
    const pids = probes.trainingProcesses(realpathSync(directory.path));
    if (service.isLocked) return [ok(`${pids.length} processes of trials run.`)];
    if (pids.length === 0) return [ok('None.')];
    const shown = pids.slice(0, 10).join(' ');
    const found = `${pids.length} processes of an earlier service still run: ${shown}${pids.length > 10 ? ' …' : ''}.`;
    return [warning(found, `The next run or serve ends them; or end them now: kill -9 ${shown}`)];
  },
};
