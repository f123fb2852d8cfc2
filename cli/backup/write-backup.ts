import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { create } from 'tar';
import { errorMessage, KatydidError } from '../../core/errors.ts';
import type { DataDirectory } from '../data-directory.ts';
import { packageVersion } from '../version.ts';
import {
  BACKUP_FORMAT,
  describeFile,
  MANIFEST_FILE,
  type BackupFile,
  type BackupManifest,
} from './backup-manifest.ts';

const LOGS = 'logs';

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
    const databases = await copyDatabases(directory, folder);
    const logs = await copyLogs(directory.path, folder);
    const paths = [...databases, ...logs];
    const manifest = await manifestOf(folder, paths, now);
    await writeFile(join(folder, MANIFEST_FILE), JSON.stringify(manifest, null, 2));
    const archive = join(folder, 'archive');
    // The manifest comes last: an archive that was cut off has none.
    await create({ file: archive, cwd: folder, gzip: true, portable: true }, [...paths, MANIFEST_FILE]);
    const { size } = await stat(archive);
    await rename(archive, target);
    return { file: target, bytes: size, logs: logs.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The names of those that are there, in the order in which they were copied. */
async function copyDatabases({ objects, observations }: DataDirectory, folder: string): Promise<string[]> {
  const there = [objects, observations].filter((path) => existsSync(path));
  for (const path of there) await copyDatabase(path, join(folder, basename(path)));
  return there.map((path) => basename(path));
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

/** Paths of those that were copied. Logs are only added to, and go when their time has come. */
async function copyLogs(from: string, to: string): Promise<string[]> {
  const copied: string[] = [];
  for (const path of await filesBelow(join(from, LOGS))) {
    const target = join(to, LOGS, path);
    await mkdir(dirname(target), { recursive: true });
    if (await ifThere(copyFile(join(from, LOGS, path), target))) copied.push(join(LOGS, path));
  }
  return copied;
}

/** Paths relative to the directory; none where it is not there. */
async function filesBelow(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}

/** False where what was to be done concerns a file that has gone meanwhile. */
async function ifThere(done: Promise<void>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function manifestOf(folder: string, paths: readonly string[], now: Date): Promise<BackupManifest> {
  const files: BackupFile[] = [];
  for (const path of paths) files.push(await describeFile(folder, path));
  return { format: BACKUP_FORMAT, createdAt: now.toISOString(), version: packageVersion(), files };
}
