import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { extract } from 'tar';
import { errorMessage, KatydidError } from '../../core/errors.ts';
import { checkDatabase as checkObservations } from '../../db/sqlite/open-database.ts';
import { checkDatabase as checkObjects } from '../../local/object-store/database.ts';
import { dataDirectory, lockDataDirectory, type DataDirectory } from '../data-directory.ts';
import {
  backupManifestSchema,
  describeFile,
  MANIFEST_FILE,
  type BackupFile,
  type BackupManifest,
} from './backup-manifest.ts';

export interface RestoredBackup {
  createdAt: string;
  /** Where what was in the data directory before is now; null where there was nothing. */
  movedTo: string | null;
}

/**
 * Puts a backup in the place of a data directory, as a whole or not at all: it is unpacked and checked beside it, and takes its
 * name in the end. What was there is moved aside, never deleted.
 *
 * @throws KatydidError BACKUP_UNREADABLE where the file is missing, damaged or no backup, DATA_DIR_IN_USE where a service works
 *   in the directory, RESTORE_NOT_EMPTY where it holds something and `force` is not set, RESTORE_FAILED where it cannot be written.
 */
export async function restoreBackup(
  file: string,
  directory: DataDirectory,
  options: { force: boolean; now: Date },
): Promise<RestoredBackup> {
  const source = resolve(file);
  const isThere = existsSync(directory.path);
  // Whoever works there must go on to work there.
  const lock = isThere ? await lockDataDirectory(directory) : undefined;
  try {
    const names = isThere ? await readdir(directory.path) : [];
    const hasContent = names.some((name) => !isOfLock(name, directory));
    if (hasContent && !options.force)
      throw new KatydidError('RESTORE_NOT_EMPTY', `${directory.path} is not empty.`, {
        remedy: 'Restore into another --data-dir, or move what is there aside with --force.',
      });
    return await unpackBeside(source, directory, hasContent, options.now);
  } catch (error) {
    if (error instanceof KatydidError) throw error;
    throw new KatydidError(
      'RESTORE_FAILED',
      `${directory.path} could not be restored: ${errorMessage(error)}.`,
      {
        remedy:
          'Check the permissions of the directory above it and the space on its disk, and that it is no mount point.',
        cause: error,
      },
    );
  } finally {
    lock?.release();
  }
}

/** The lock that this very command takes is nothing that would be lost. */
function isOfLock(name: string, { lock, lockHolder }: DataDirectory): boolean {
  return name.startsWith(basename(lock)) || name === basename(lockHolder);
}

async function unpackBeside(
  source: string,
  directory: DataDirectory,
  hasContent: boolean,
  now: Date,
): Promise<RestoredBackup> {
  await mkdir(dirname(directory.path), { recursive: true });
  const folder = await mkdtemp(join(dirname(directory.path), `.${basename(directory.path)}-restore-`));
  try {
    const { createdAt } = await unpack(source, folder);
    const movedTo = hasContent ? `${directory.path}-before-${stamp(now)}` : null;
    if (movedTo !== null) await rename(directory.path, movedTo);
    else if (existsSync(directory.path)) await removeEmpty(directory);
    await rename(folder, directory.path);
    return { createdAt, movedTo };
  } finally {
    // What was being unpacked when the archive broke off may still be written.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** With the lock in it. Rejects where anything else has come into it. */
async function removeEmpty(directory: DataDirectory): Promise<void> {
  const locks = (await readdir(directory.path)).filter((name) => isOfLock(name, directory));
  for (const name of locks) await rm(join(directory.path, name));
  await rmdir(directory.path);
}

/** `20260101T120000Z` */
function stamp(now: Date): string {
  return now.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

async function unpack(source: string, folder: string): Promise<BackupManifest> {
  try {
    await extract({
      file: source,
      cwd: folder,
      strict: true,
      filter: (_, entry) => !('type' in entry) || isPlain(entry.type),
    });
  } catch (error) {
    throw unreadable(source, errorMessage(error), error);
  }
  const manifest = await readManifest(source, folder);
  for (const expected of manifest.files) await checkFile(source, folder, expected);
  checkDatabases(folder);
  await rm(join(folder, MANIFEST_FILE));
  return manifest;
}

function isPlain(type: string): boolean {
  return type === 'File' || type === 'OldFile' || type === 'Directory';
}

async function readManifest(source: string, folder: string): Promise<BackupManifest> {
  try {
    return backupManifestSchema.parse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')));
  } catch (error) {
    throw unreadable(source, 'it has no list of its contents, or one of another version of Katydid', error);
  }
}

async function checkFile(source: string, folder: string, expected: BackupFile): Promise<void> {
  const found = await describeFile(folder, expected.path).catch(() => undefined);
  if (found?.sha256 !== expected.sha256)
    throw unreadable(source, `${expected.path} in it is damaged or missing`);
}

function checkDatabases(folder: string): void {
  const { objects, observations } = dataDirectory(folder);
  checkObjects(objects);
  if (existsSync(observations)) checkObservations(observations);
}

function unreadable(source: string, why: string, cause?: unknown): KatydidError {
  return new KatydidError('BACKUP_UNREADABLE', `${source} cannot be restored: ${why}.`, {
    remedy: 'Name a file that katydid backup wrote; where it is damaged, take an earlier one.',
    cause,
  });
}
