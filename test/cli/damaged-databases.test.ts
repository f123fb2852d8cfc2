import Database from 'better-sqlite3';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataDirectory, type DataDirectory } from '../../cli/data-directory.ts';
import { openEmbedded } from '../../cli/embedded.ts';
import { EXIT } from '../../cli/exit-code.ts';
import { runProgram } from '../../cli/program.ts';
import { silentLogger } from '../../core/logger.ts';
import { CONFIG_MAPS } from '../../kube/resource.ts';
import { EMPTY_IMAGE_MAP } from '../../local/kubelet/image-map.ts';
import { temporaryFolder } from '../support/command.ts';
import { recordingOutput } from './recording-output.ts';

const PAGE = 4096;

let folder: ReturnType<typeof temporaryFolder>;
let directory: DataDirectory;

beforeEach(async () => {
  folder = temporaryFolder();
  directory = dataDirectory(join(folder.path, 'data'));
  await fill();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

/** Databases of many pages, closed. */
async function fill(): Promise<void> {
  mkdirSync(directory.path, { recursive: true });
  const service = openEmbedded({ directory, imageMap: EMPTY_IMAGE_MAP, logger: silentLogger });
  for (let index = 0; index < 100; index++) {
    const metadata = { namespace: 'default', name: `kept-${index}` };
    await service.client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  }
  const batch = Array.from({ length: 3000 }, (_, sequence) => ({
    metric: 'loss',
    value: 1,
    step: sequence,
    timeMs: 0,
    sequence,
  }));
  await service.observations.report({ trialUid: 'trial', source: 'pod/main' }, batch);
  await service.stop();
}

function overwrite(file: string, position: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, position, position + length);
  writeFileSync(file, bytes);
}

function execute(file: string, sql: string): void {
  const database = new Database(file);
  database.exec(sql);
  database.close();
}

interface Damage {
  what: string;
  file: 'objects' | 'observations';
  code: string;
  do: (file: string) => void;
}

const NEWER = {
  objects: 'INSERT INTO schema_version VALUES (999)',
  observations: "INSERT INTO schema_migration VALUES (999, 'later', 'x')",
};

const DAMAGES: Damage[] = (['objects', 'observations'] as const).flatMap((file) => {
  const corrupt = file === 'objects' ? 'STORE_CORRUPT' : 'DB_CORRUPT';
  const header = file === 'objects' ? 'STORE_NOT_A_DATABASE' : 'DB_CORRUPT';
  const newer = file === 'objects' ? 'STORE_SCHEMA_TOO_NEW' : 'DB_SCHEMA_NEWER';
  return [
    { what: 'a garbage header', file, code: header, do: (path) => overwrite(path, 0, 100) },
    { what: 'half of its bytes', file, code: corrupt, do: (path) => truncateSync(path, 6 * PAGE) },
    { what: 'its first page only', file, code: corrupt, do: (path) => truncateSync(path, PAGE) },
    { what: 'no bytes', file, code: corrupt, do: (path) => truncateSync(path, 0) },
    { what: 'an overwritten page', file, code: corrupt, do: (path) => overwrite(path, 3 * PAGE, PAGE) },
    { what: 'a lost journal', file, code: corrupt, do: (path) => writeFileSync(`${path}-shm`, 'index') },
    {
      what: 'a journal alone',
      file,
      code: corrupt,
      do: (path) => renameSync(path, `${path}-wal`),
    },
    { what: 'a newer schema', file, code: newer, do: (path) => execute(path, NEWER[file]) },
  ] satisfies Damage[];
});

describe('a service is not started on', () => {
  it.each(DAMAGES)('$file.db with $what', async (damage) => {
    const path = directory[damage.file];
    damage.do(path);
    const before = existsSync(path) ? readFileSync(path) : null;

    const output = recordingOutput();
    const exit = await runProgram(['serve', '--data-dir', directory.path], output);

    expect(exit).toBe(EXIT.failed);
    const said = output.talk.join('\n');
    expect(said).toContain(`[${damage.code}]`);
    expect(said).toContain(path);
    expect(said).toMatch(/\n {2}\S/);
    expect(said, 'no stack trace').not.toMatch(/^\s+at /m);
    if (!damage.code.includes('SCHEMA')) expect(said).toMatch(/katydid restore FILE/);
    expect(existsSync(path) ? readFileSync(path) : null, 'the file is as it was').toEqual(before);
  });

  it('but it is where they were moved away as advised', async () => {
    for (const file of [directory.objects, directory.observations]) {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    }
    const service = openEmbedded({ directory, imageMap: EMPTY_IMAGE_MAP, logger: silentLogger });
    expect((await service.client.list(CONFIG_MAPS)).items).toEqual([]);
    await service.stop();
  });
});
