import { existsSync } from 'node:fs';
import { requestedGpus } from '../../../local/kubelet/gpu-pool.ts';
import { requestedAmount } from '../../../local/kubelet/resource-requests.ts';
import { unsupportedFields } from '../../../local/kubelet/unsupported-fields.ts';
import type { Pod } from '../../../core/pod.ts';
import { formatBytes } from '../bytes.ts';
import { ok, problem, unique, warning, type Check, type Finding } from '../check.ts';
import { usableBytes } from '../machine/memory.ts';
import { refusals, type ExperimentContext, type RehearsedTrial } from './inspection.ts';

/** What all pods of one trial ask for together. */
function ofTrial({ pods }: RehearsedTrial, amount: (pod: Pod) => number): number {
  return pods.reduce((sum, { pod, replicas }) => sum + amount(pod) * replicas, 0);
}

export const trialCpus: Check<ExperimentContext> = {
  id: 'trial-cpus',
  title: 'CPUs of the trials',
  why: 'Trials that together ask for more CPUs than there are wait for each other, or slow each other down.',
  run: ({ inspection: { trials }, probes }) => trials.map((trial) => cpuFinding(trial, probes.cpus)),
};

function cpuFinding(trial: RehearsedTrial, here: number): Finding {
  const each = ofTrial(trial, (pod) => requestedAmount(pod, 'cpu') ?? 0);
  const { experiment, parallel } = trial;
  if (each === 0)
    return ok(`${experiment}: ${parallel} trials at once, which ask for none; ${here} are here.`);
  const found = `${experiment}: ${parallel} trials at once × ${each} CPUs; ${here} are here`;
  if (each > here) {
    return warning(
      `${found}, too few for one.`,
      'Ask for less in resources.requests, or expect trials to be slow, one after the other.',
    );
  }
  if (each * parallel <= here) return ok(`${found}.`);
  return warning(
    `${found}.`,
    `Lower parallelTrialCount to ${Math.floor(here / each)}, or ask for less in resources.requests.`,
  );
}

export const trialMemory: Check<ExperimentContext> = {
  id: 'trial-memory',
  title: 'Memory of the trials',
  why: 'Trials that together need more memory than there is are killed by the system in the middle.',
  run({ inspection: { trials }, probes }) {
    const facts = probes.memory();
    const whole = Math.min(facts.totalBytes, facts.limitBytes ?? Infinity);
    return trials.map((trial) => memoryFinding(trial, whole, usableBytes(facts), facts.limitBytes !== null));
  },
};

function memoryFinding(trial: RehearsedTrial, whole: number, usable: number, isLimited: boolean): Finding {
  const each = ofTrial(trial, (pod) => requestedAmount(pod, 'memory') ?? 0);
  const { experiment, parallel } = trial;
  if (each === 0) return ok(`${experiment}: trials do not say how much they need.`);
  const found = `${experiment}: ${parallel} trials at once × ${formatBytes(each)}`;
  const raise = isLimited ? 'raise the memory limit of this container or service' : 'use a larger computer';
  if (each > whole) {
    return problem(
      `${found}; ${formatBytes(whole)} are here, too little for one.`,
      `Ask for less in resources.requests, or ${raise}.`,
    );
  }
  if (each * parallel <= usable) return ok(`${found}; ${formatBytes(usable)} are free.`);
  const fitting = Math.max(1, Math.floor(usable / each));
  return warning(
    `${found}; ${formatBytes(usable)} are free.`,
    `Lower parallelTrialCount to ${fitting}, end other programs, or ${raise}.`,
  );
}

export const trialGpus: Check<ExperimentContext> = {
  id: 'trial-gpus',
  title: 'GPUs of the trials',
  why: 'A trial that asks for more GPUs than there are fails; trials that ask for the same ones wait for each other.',
  run({ inspection: { trials }, probes }) {
    const here = probes.gpuDevices().length;
    return trials.map((trial) => gpuFinding(trial, here));
  },
};

function gpuFinding(trial: RehearsedTrial, here: number): Finding {
  const { experiment, parallel, pods } = trial;
  const each = ofTrial(trial, requestedGpus);
  if (each === 0) return ok(`${experiment}: none asked for; ${here} are here.`);
  const largest = Math.max(...pods.map(({ pod }) => requestedGpus(pod)));
  const found = `${experiment}: ${parallel} trials at once × ${each} GPUs (nvidia.com/gpu); ${here} are here`;
  if (largest > here) {
    const remedy =
      'Take nvidia.com/gpu out of resources.limits, install the driver (nvidia-smi shows what it sees), or run where there are enough.';
    return problem(`${found}.`, remedy);
  }
  if (each > here) {
    return problem(
      `${found}: pods of one trial would wait for each other for ever.`,
      'Ask for fewer GPUs, or use fewer replicas.',
    );
  }
  if (each * parallel <= here) return ok(`${found}.`);
  return warning(
    `${found}.`,
    `Lower parallelTrialCount to ${Math.floor(here / each)}: the other trials only wait.`,
  );
}

export const trialVolumes: Check<ExperimentContext> = {
  id: 'trial-volumes',
  title: 'Volumes and objects of the trials',
  why: 'A trial that refers to a ConfigMap, Secret or directory that is not there fails at its start.',
  run({ inspection: { trials } }) {
    const refused = refusals(trials, [
      'LOCAL_OBJECT_MISSING',
      'LOCAL_VOLUME_UNSUPPORTED',
      'LOCAL_FIELD_UNSUPPORTED',
    ]);
    const findings = [
      ...refused.map(({ message, remedy }) => problem(message, remedy ?? '')),
      ...trials.flatMap(({ pods }) => pods.flatMap(({ pod }) => missingHostPaths(pod))),
    ];
    return findings.length > 0 ? unique(findings) : [ok('All that they refer to is there.')];
  },
};

function missingHostPaths({ spec }: Pod): Finding[] {
  return (spec.volumes ?? []).flatMap(({ name, hostPath }) => {
    if (!hostPath || hostPath.type?.endsWith('OrCreate') || existsSync(hostPath.path)) return [];
    const found = `hostPath ${hostPath.path} of volume "${name}" does not exist here.`;
    return [warning(found, 'Make the directory, or correct the path.')];
  });
}

export const trialFields: Check<ExperimentContext> = {
  id: 'trial-fields',
  title: 'Fields without effect',
  why: 'A local process cannot have what these fields ask for; trials run without it, which may change what they yield.',
  run({ inspection: { trials } }) {
    const fields = trials.flatMap(({ pods }) => pods.flatMap(({ pod }) => unsupportedFields(pod)));
    if (fields.length === 0) return [ok('None.')];
    return [
      warning(`${[...new Set(fields)].join(', ')}.`, 'Remove them, or run the experiment on a cluster.'),
    ];
  },
};
