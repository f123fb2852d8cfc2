import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Name of the manifest inside a backup, and its format. A format that was released never changes. */
export const MANIFEST_FILE = 'manifest.json';
export const BACKUP_FORMAT = 1;

export const backupManifestSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  /** RFC 3339. */
  createdAt: z.string(),
  /** The version of Katydid that wrote it. */
  version: z.string(),
  /** Every other file, its path with `/`. */
  files: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
});
export type BackupManifest = z.infer<typeof backupManifestSchema>;
export type BackupFile = BackupManifest['files'][number];

/** What a manifest says of a file of the folder. */
export async function describeFile(folder: string, path: string): Promise<BackupFile> {
  const file = join(folder, path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const { size } = await stat(file);
  return { path, size, sha256: hash.digest('hex') };
}
