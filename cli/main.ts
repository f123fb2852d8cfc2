import { EXIT } from './exit-code.ts';
import { processOutput } from './output/output.ts';
import { runProgram } from './program.ts';

/** When the process that started this one is gone, nobody is left to stop the run politely (bin/katydid.js). */
function endWithParent(): void {
  if (!process.channel) return;
  process.channel.unref();
  process.on('disconnect', () => process.exit(EXIT.failed));
}

endWithParent();
process.exitCode = await runProgram(process.argv.slice(2), processOutput());
