import { Command } from 'commander';
import { restoreBackup } from '../backup/restore-backup.ts';
import { writeBackup } from '../backup/write-backup.ts';
import { dataDirectory } from '../data-directory.ts';
import { dataDirOption } from '../options.ts';
import type { Output } from '../output/output.ts';

interface BackupOptions {
  dataDir: string;
  force?: boolean;
}

/** `backup` and `restore`. */
export function backupCommands(output: Output): Command[] {
  return [backupCommand(output), restoreCommand(output)];
}

function backupCommand(output: Output): Command {
  return new Command('backup')
    .description('write experiments, trials, metrics and logs into one file, also while a service runs')
    .argument('<file>', 'where to write it, for example katydid-backup.tar.gz')
    .addOption(dataDirOption())
    .option('--force', 'replace the file where it exists')
    .addHelpText('after', '\nExample:\n  katydid backup katydid-backup.tar.gz')
    .action(async (file: string, { dataDir, force = false }: BackupOptions) => {
      const written = await writeBackup(dataDirectory(dataDir), file, { force, now: new Date() });
      const megabytes = (written.bytes / 1_000_000).toFixed(1);
      output.out(`Wrote ${written.file} (${megabytes} MB, with ${written.logs} logs).`);
      output.err(
        'Not in it: persistent volume claims (pvc/), and the token, which a restored service makes anew.',
      );
    });
}

function restoreCommand(output: Output): Command {
  return new Command('restore')
    .description('put a backup in the place of a data directory; the next run or serve goes on from it')
    .argument('<file>', 'a file that katydid backup wrote')
    .addOption(dataDirOption())
    .option('--force', 'where the directory holds experiments, move it aside')
    .addHelpText('after', '\nExample:\n  katydid restore katydid-backup.tar.gz --data-dir restored')
    .action(async (file: string, { dataDir, force = false }: BackupOptions) => {
      const directory = dataDirectory(dataDir);
      const { createdAt, movedTo } = await restoreBackup(file, directory, { force, now: new Date() });
      output.out(`Restored ${directory.path} as it was at ${createdAt}.`);
      if (movedTo !== null) output.err(`What was there before is now in ${movedTo}.`);
    });
}
