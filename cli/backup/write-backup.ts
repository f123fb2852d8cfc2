import Database from 'better-sqlite3';
import { existsSync, globSync, statSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { create } from 'tar';
import { errorMessage, KatydidError } from '../../core/errors.ts';
import type { DataDirectory } from '../data-directory.ts';
import { packageVersion } from '../version.ts';
import { BACKUP_FORMAT, describeFile, MANIFEST_FILE, type BackupManifest } from './backup-manifest.ts';

/** What a backup holds. */
export interface WrittenBackup {
  file: string;
  bytes: number;
  logs: number;
}

/**
 * Writes one compressed file with everything that a data directory knows, also while a service works in it. The service is not
 * held up.
 *
 * The objects are copied before the observations: a trial that goes on in between is then known as running, and is started over
 * after a restore. The other way round it could be known as succeeded without all of its metrics.
 *
 * @throws KatydidError BACKUP_NOTHING where there is no data, BACKUP_EXISTS where the file is there and `force` is not set,
 *   BACKUP_FAILED where it cannot be written. Nothing is left behind then.
 */
export async function writeBackup(
  directory: DataDirectory,
  file: string,
  options: { force: boolean; now: Date },
): Promise<WrittenBackup> {
  const target = resolve(file);
  if (!existsSync(directory.objects))
    throw new KatydidError('BACKUP_NOTHING', `There are no experiments in ${directory.path}.`, {
      remedy: 'Name the directory of the service with --data-dir.',
    });
  if (existsSync(target) && !options.force)
    throw new KatydidError('BACKUP_EXISTS', `${target} exists already.`, {
      remedy: 'Give the backup another name, or replace the file with --force.',
    });
  try {
    return await writeBeside(directory, target, options.now);
  } catch (error) {
    throw new KatydidError(
      'BACKUP_FAILED',
      `The backup ${target} could not be written: ${errorMessage(error)}.`,
      {
        remedy:
          'Check the permissions of its directory and the space on its disk: about twice the size of the data is needed.',
        cause: error,
      },
    );
  }
}

/** In a folder beside the target, on the same disk, so that the finished file gets its name in one step. */
async function writeBeside(directory: DataDirectory, target: string, now: Date): Promise<WrittenBackup> {
  const folder = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    await copyDatabase(directory.objects, join(folder, 'objects.db'));
    if (existsSync(directory.observations))
      await copyDatabase(directory.observations, join(folder, 'observations.db'));
    const logs = await copyLogs(directory.path, folder);
    const manifest = await manifestOf(folder, now);
    await writeFile(join(folder, MANIFEST_FILE), JSON.stringify(manifest, null, 2));
    const archive = join(folder, 'archive');
    // The manifest comes last: an archive that was cut off has none.
    const paths = [...manifest.files.map(({ path }) => path), MANIFEST_FILE];
    await create({ file: archive, cwd: folder, gzip: true, portable: true }, paths);
    const bytes = statSync(archive).size;
    await rename(archive, target);
    return { file: target, bytes, logs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** SQLite's own online copy: one moment of the database, whoever writes to it meanwhile. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const database = new Database(from, { readonly: true, timeout: 5_000 });
  try {
    await database.backup(to);
  } finally {
    database.close();
  }
}

/** How many were copied. Logs are only added to, and go when their time has come. */
async function copyLogs(from: string, to: string): Promise<number> {
  const logs = globSync('logs/**', { cwd: from, withFileTypes: true }).filter((entry) => entry.isFile());
  let copied = 0;
  for (const entry of logs) {
    const source = join(entry.parentPath, entry.name);
    const target = join(to, source.slice(from.length));
    await mkdir(dirname(target), { recursive: true });
    try {
      await copyFile(source, target);
      copied++;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return copied;
}

async function manifestOf(folder: string, now: Date): Promise<BackupManifest> {
  const entries = globSync('**', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const files = [];
  for (const path of paths.toSorted()) files.push(await describeFile(folder, path.replaceAll('\\', '/')));
  return { format: BACKUP_FORMAT, createdAt: now.toISOString(), version: packageVersion(), files };
}
