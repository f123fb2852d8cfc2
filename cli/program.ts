import { Command, CommanderError } from 'commander';
import { askTellCommand } from './commands/ask-tell.ts';
import { backupCommands } from './commands/backup.ts';
import { bestCommand } from './commands/best.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { controlCommands } from './commands/control.ts';
import { describeCommand } from './commands/describe.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { getCommand } from './commands/get.ts';
import { importanceCommand } from './commands/importance.ts';
import { logsCommand } from './commands/logs.ts';
import { previewCommand } from './commands/preview.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { validateCommand } from './commands/validate.ts';
import { reportError } from './error-report.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output/output.ts';
import { packageVersion } from './version.ts';

const EXAMPLES = `
Examples:
  katydid run examples/digits/experiment.yaml   run an experiment on this computer
  katydid get trials --experiment digits        see its trials
  katydid best digits -o json                   the best hyperparameters, for a program

Exit status: 0 succeeded, 1 failed, 2 refused specification or command line, 3 timed out, 130 interrupted.`;

/** Carries out a command line (without the program's name) and returns the exit status. Never rejects. */
export async function runProgram(args: readonly string[], output: Output): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  try {
    await createProgram(output, (code) => (exitCode = code)).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its own message; its only exit codes are 0 (help, version) and 1 (usage).
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.refused;
    return reportError(output, error);
  }
}

/** The command with all its subcommands. */
export function createProgram(output: Output, exitWith: (code: ExitCode) => void): Command {
  const commands = [
    runCommand(output, exitWith),
    serveCommand(output, exitWith),
    validateCommand(output, exitWith),
    previewCommand(output),
    getCommand(output),
    describeCommand(output),
    bestCommand(output),
    importanceCommand(output),
    logsCommand(output),
    exportCommand(output),
    replayCommand(output),
    ...controlCommands(output),
    askTellCommand(output),
    doctorCommand(output, exitWith),
    ...backupCommands(output),
    completionCommand(output),
  ];
  const root = new Command('katydid')
    .description('Hyperparameter tuning: an Experiment in, the best trial out.')
    .version(packageVersion())
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(katydid --help lists the commands)')
    .configureOutput({
      writeOut: (text) => output.out(text.trimEnd()),
      writeErr: (text) => output.err(text.trimEnd()),
    })
    .exitOverride();
  for (const command of commands) root.addCommand(command.copyInheritedSettings(root));
  root.addCommand(completeCommand(output).copyInheritedSettings(root), { hidden: true });
  return root;
}
