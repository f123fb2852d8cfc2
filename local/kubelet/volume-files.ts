import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KeyToPath, StoredPod, Volume } from '../../core/pod.ts';
import { downwardFileContent } from './field-reference.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';
import type { NodeFacts } from './node-facts.ts';
import { pathBelow } from './pod-directory.ts';
import type { ObjectKind, PodObjects } from './pod-objects.ts';

interface FileToWrite {
  path: string;
  content: Buffer | string;
  mode: number | undefined;
}

type DownwardItems = NonNullable<Volume['downwardAPI']>['items'];

/** A part of a `projected` volume. */
interface ProjectedSource {
  configMap?: { name: string; items?: KeyToPath[]; optional?: boolean };
  secret?: { name: string; items?: KeyToPath[]; optional?: boolean };
  downwardAPI?: { items?: DownwardItems };
}

export interface FileSources {
  pod: StoredPod;
  objects: PodObjects;
  node: NodeFacts;
}

/**
 * Writes the files of a configMap, secret, downwardAPI or projected volume into `directory`. They are not updated
 * later. False where the volume is of another kind.
 */
export async function writeVolumeFiles(
  volume: Volume,
  directory: string,
  sources: FileSources,
): Promise<boolean> {
  const files = await volumeFiles(volume, sources);
  if (!files) return false;
  mkdirSync(directory, { recursive: true });
  for (const file of files) writeFile(directory, file);
  return true;
}

async function volumeFiles(volume: Volume, sources: FileSources): Promise<FileToWrite[] | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return objectFiles('ConfigMap', configMap.name, configMap, sources.objects);
  if (secret) return objectFiles('Secret', secret.secretName, secret, sources.objects);
  if (downwardAPI) return downwardFiles(downwardAPI.items, sources);
  if (projected) return projectedFiles(volume.name, projected, sources);
  return undefined;
}

async function projectedFiles(
  volume: string,
  { sources: parts = [] }: { sources?: ProjectedSource[] },
  sources: FileSources,
): Promise<FileToWrite[]> {
  const files: FileToWrite[] = [];
  for (const part of parts) {
    const { configMap, secret, downwardAPI } = part;
    if (configMap) {
      files.push(...(await objectFiles('ConfigMap', configMap.name, configMap, sources.objects)));
    } else if (secret) {
      files.push(...(await objectFiles('Secret', secret.name, secret, sources.objects)));
    } else if (downwardAPI) {
      files.push(...downwardFiles(downwardAPI.items, sources));
    } else {
      const kind = Object.keys(part).join(', ');
      throw localError(
        'LOCAL_VOLUME_UNSUPPORTED',
        `Volume "${volume}" projects ${kind}, which is not to be had here.`,
      );
    }
  }
  return files;
}

async function objectFiles(
  kind: ObjectKind,
  name: string,
  options: { items?: KeyToPath[]; optional?: boolean; defaultMode?: number },
  objects: PodObjects,
): Promise<FileToWrite[]> {
  const optional = options.optional ?? false;
  const entries = (await objects.entries(kind, name, optional)) ?? new Map<string, Buffer>();
  const items = options.items ?? [...entries.keys()].map((key) => ({ key, path: key, mode: undefined }));
  return items.flatMap((item) => {
    const content = entries.get(item.key);
    if (content) return [{ path: item.path, content, mode: item.mode ?? options.defaultMode }];
    if (optional) return [];
    throw localError(
      'LOCAL_OBJECT_MISSING',
      `${kind} "${name}" has no key "${item.key}", which a volume mounts.`,
    );
  });
}

function downwardFiles(items: DownwardItems, { pod, node }: FileSources): FileToWrite[] {
  return (items ?? []).map((item) => ({
    path: item.path,
    content: downwardFileContent(pod, item.fieldRef?.fieldPath ?? '', node),
    mode: item.mode,
  }));
}

function writeFile(directory: string, file: FileToWrite): void {
  const target = pathBelow(directory, file.path, 'The path of a volume item');
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, file.content, { mode: file.mode ?? 0o644 });
}
