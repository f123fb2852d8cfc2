import { Command, CommanderError } from 'commander';
import { askTellCommand } from './commands/ask-tell.ts';
import { bestCommand } from './commands/best.ts';
import { describeCommand } from './commands/describe.ts';
import { exportCommand } from './commands/export.ts';
import { getCommand } from './commands/get.ts';
import { logsCommand } from './commands/logs.ts';
import { previewCommand } from './commands/preview.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { validateCommand } from './commands/validate.ts';
import { reportError } from './error-report.ts';
import { EXIT } from './exit-code.ts';
import { processOutput, type Output } from './output/output.ts';
import { packageVersion } from './version.ts';

const EXAMPLES = `
Examples:
  katydid run examples/digits/experiment.yaml   run an experiment on this computer
  katydid get trials --experiment digits        see its trials
  katydid best digits -o json                   the best hyperparameters, for a program

Exit status: 0 succeeded, 1 failed, 2 refused specification or command line, 3 timed out, 130 interrupted.`;

function program(output: Output): Command {
  const commands = [
    runCommand,
    serveCommand,
    validateCommand,
    previewCommand,
    getCommand,
    describeCommand,
    bestCommand,
    logsCommand,
    exportCommand,
    askTellCommand,
  ];
  const root = new Command('katydid')
    .description('Hyperparameter tuning: an Experiment in, the best trial out.')
    .version(packageVersion())
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(katydid --help lists the commands)')
    .exitOverride();
  for (const command of commands) root.addCommand(command(output).copyInheritedSettings(root));
  return root;
}

/** When the process that started this one is gone, nobody is left to stop the run politely (bin/katydid.js). */
function endWithParent(): void {
  if (!process.channel) return;
  process.channel.unref();
  process.on('disconnect', () => process.exit(EXIT.failed));
}

endWithParent();
const output = processOutput();
try {
  await program(output).parseAsync();
} catch (error) {
  // Commander has printed its own message; its only exit codes are 0 (help, version) and 1 (usage).
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode === 0
        ? EXIT.ok
        : EXIT.refused
      : reportError(output, error);
}
