import { existsSync } from 'node:fs';
import { ok, problem, unique, warning, type Check, type Finding } from '../check.ts';
import type { DoctorContext } from '../context.ts';
import { plannedContainers, refusals, type ExperimentContext, type PlannedContainer } from './inspection.ts';
import type { Program } from './programs.ts';

export const trialCommand: Check<ExperimentContext> = {
  id: 'trial-command',
  title: 'Command of the trials',
  why: 'A trial whose command is not here fails at once, and so does every other one.',
  run({ inspection: { trials } }) {
    const refused = refusals(trials, ['LOCAL_EXEC_FAILED']).map(({ message, remedy }) =>
      problem(message, remedy ?? ''),
    );
    const planned = plannedContainers(trials);
    const findings = [...refused, ...planned.flatMap(({ programs }) => programs.flatMap(missingProgram))];
    if (findings.length > 0) return unique(findings);
    return unique(planned.map(({ container, plan }) => ok(`${container.name}: ${plan.file}`)));
  },
};

function missingProgram({ interpreter, isFound }: Program): Finding[] {
  const [name = ''] = interpreter;
  if (isFound) return [];
  const found = `The script of the command calls "${name}", which is not in its PATH.`;
  const remedy =
    name === 'python'
      ? 'Write python3, or install a program of that name.'
      : 'Install it, or correct the name.';
  return [warning(found, remedy)];
}

export const workingDirectory: Check<ExperimentContext> = {
  id: 'working-directory',
  title: 'Working directory of the trials',
  why: 'A trial cannot be started in a directory that does not exist.',
  run({ inspection: { trials } }) {
    const refused = refusals(trials, ['LOCAL_PATH_UNMAPPED']).map(({ message, remedy }) =>
      problem(message, remedy ?? ''),
    );
    if (refused.length > 0) return refused;
    return unique(
      plannedContainers(trials).map(({ container, plan }) => ok(`${container.name}: ${plan.cwd}`)),
    );
  },
};

export const scriptFile: Check<ExperimentContext> = {
  id: 'script-file',
  title: 'Script of the trials',
  why: 'An interpreter that does not find its script ends at once.',
  run({ inspection: { trials } }) {
    const planned = plannedContainers(trials);
    const missing = planned.flatMap((container) =>
      container.programs.flatMap((program) => missingScript(container, program)),
    );
    if (missing.length > 0) return unique(missing);
    const scripts = planned.flatMap(({ programs }) => programs.flatMap(({ scriptFile: file }) => file ?? []));
    return scripts.length === 0 ? [ok('None that could be looked for.')] : unique(scripts.map(ok));
  },
};

function missingScript({ container, plan }: PlannedContainer, program: Program): Finding[] {
  const { script, scriptFile: file, isScriptMissing, isInShellScript } = program;
  if (!isScriptMissing || script === null) return [];
  const found = `${script} of container "${container.name}" is not here (looked for as ${file ?? script}, from ${plan.cwd}).`;
  const remedy =
    'Correct the path, start katydid in the directory from which it is meant, set workingDir, or map the image in katydid.config.yaml.';
  return [(isInShellScript ? warning : problem)(found, remedy)];
}

/** Prints the names among its arguments that cannot be imported. Nothing is imported: that would take a while. */
const FIND_MODULES = `import importlib.util, sys
def missing(name):
    try: return importlib.util.find_spec(name) is None
    except Exception: return True
print("\\n".join(name for name in sys.argv[1:] if missing(name)))`;

export const pythonModules: Check<ExperimentContext> = {
  id: 'python-modules',
  title: 'Python modules of the trials',
  why: 'A training that imports a module (tensorflow, torch) which its interpreter does not have fails at once.',
  async run({ inspection: { trials }, probes }) {
    const calls = plannedContainers(trials).flatMap(({ plan, programs }) =>
      programs
        .filter(({ isFound, imports }) => isFound && imports.length > 0)
        .map((program) => ({ plan, program })),
    );
    if (calls.length === 0) return [ok('None that could be looked for.')];
    const findings: Finding[] = [];
    for (const { plan, program } of distinct(calls))
      findings.push(await modulesFinding(plan, program, probes));
    return unique(findings);
  },
};

type Call = { readonly plan: PlannedContainer['plan']; readonly program: Program };

function distinct(calls: readonly Call[]): Call[] {
  const key = ({ program }: Call): string => [...program.interpreter, '', ...program.imports].join('\0');
  return [...new Map(calls.map((call) => [key(call), call])).values()];
}

async function modulesFinding(
  { env, cwd }: Call['plan'],
  { interpreter, imports }: Program,
  probes: DoctorContext['probes'],
): Promise<Finding> {
  const [file = '', ...rest] = interpreter;
  const shown = interpreter.join(' ');
  const outcome = await probes.run({
    file,
    args: [...rest, '-c', FIND_MODULES, ...imports],
    // A directory of the trial's own is made with it.
    cwd: existsSync(cwd) ? cwd : process.cwd(),
    env,
  });
  if (outcome.kind === 'failed') {
    return warning(
      `${shown} could not be asked for its modules: ${outcome.reason}.`,
      `See whether it works: ${shown} --version`,
    );
  }
  const missing = outcome.stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((name) => imports.includes(name));
  if (missing.length === 0) return ok(`${shown} has ${imports.join(', ')}.`);
  const found = `${shown} has no module ${missing.join(', ')}.`;
  return problem(
    found,
    `Install what is missing into that environment: ${shown} -m pip install ${missing.join(' ')}`,
  );
}
