import { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { loadExperimentFiles } from '../manifest/experiment-files.ts';
import { formatLocatedIssues, issueToJson } from '../../experiments/manifest/located-issue.ts';
import { outputOption } from '../options.ts';
import type { Output } from '../output/output.ts';

export function validateCommand(output: Output, exitWith: (code: ExitCode) => void): Command {
  return new Command('validate')
    .description('check experiment files without running anything; exit status 0 or 2')
    .argument('<file...>', 'YAML or JSON; - reads standard input')
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', '\nExample:\n  katydid validate examples/digits/experiment.yaml')
    .action((files: string[], options: { output: 'text' | 'json' }) => {
      const { experiments, issues } = loadExperimentFiles(files);
      const valid = issues.length === 0;
      if (options.output === 'json') {
        output.out(JSON.stringify({ valid, issues: issues.map(issueToJson) }, null, 2));
      } else {
        for (const line of formatLocatedIssues(issues)) output.err(line);
        if (valid) {
          for (const { file, experiment } of experiments)
            output.out(`${file}: ${experiment.metadata.name ?? ''} is valid`);
        }
      }
      exitWith(valid ? EXIT.ok : EXIT.refused);
    });
}
