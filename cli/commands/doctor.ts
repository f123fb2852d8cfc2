import { Command } from 'commander';
import { dataDirectory } from '../data-directory.ts';
import { countLevel, examine } from '../doctor/examine.ts';
import { reportJson, reportLines } from '../doctor/report.ts';
import { systemProbes } from '../doctor/system-probes.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { dataDirOption, outputOption, portNumber } from '../options.ts';
import type { Output } from '../output/output.ts';
import { CONFIG_FILE } from '../run/image-maps.ts';

interface DoctorOptions {
  dataDir: string;
  config?: string;
  port: number;
  kubePort: number;
  output: 'text' | 'json';
}

export function doctorCommand(output: Output, exitWith: (code: ExitCode) => void): Command {
  return new Command('doctor')
    .description('look for what keeps experiments from running here, with the remedy; changes nothing')
    .argument('[file...]', 'experiments whose commands, images and resources are looked at too')
    .addOption(dataDirOption())
    .option('--config <file>', `maps images to local programs (default: ${CONFIG_FILE} beside each file)`)
    .option('--port <port>', 'port that serve is to give the REST API', portNumber, 0)
    .option('--kube-port <port>', 'port that serve is to give the Kubernetes API', portNumber, 0)
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      '\nExample:\n  katydid doctor examples/digits/experiment.yaml\n\nExit status: 0 no problem (warnings are none), 1 problems.',
    )
    .action(async (files: string[], { dataDir, config, port, kubePort, output: format }: DoctorOptions) => {
      const sections = await examine({
        directory: dataDirectory(dataDir),
        files,
        config,
        ports: { rest: port, kube: kubePort },
        probes: systemProbes(),
      });
      const lines =
        format === 'json' ? [JSON.stringify(reportJson(sections), null, 2)] : reportLines(sections);
      for (const line of lines) output.out(line);
      exitWith(countLevel(sections, 'problem') > 0 ? EXIT.failed : EXIT.ok);
    });
}
