import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { silentLogger } from '../../../core/logger.ts';
import { LogRetention } from '../../../local/kubelet/log-retention.ts';
import { temporaryFolder } from '../../support/command.ts';

function podLogs(dataDir: string, pod: string, bytes: number, modifiedSeconds = 0): string {
  const directory = path.join(dataDir, 'logs/ns', pod);
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'main.0.log');
  writeFileSync(file, Buffer.alloc(bytes));
  utimesSync(file, modifiedSeconds, modifiedSeconds);
  return directory;
}

it('removes the logs of the pods that ended first, never those of running ones', () => {
  using folder = temporaryFolder();
  const retention = new LogRetention(250, silentLogger);
  const directories = ['a', 'b', 'c', 'd'].map((pod) => podLogs(folder.path, pod, 100));
  const [a = '', b = '', c = '', d = ''] = directories;
  for (const directory of [a, b]) retention.ended(directory);
  retention.began(a);
  for (const directory of [c, d]) retention.ended(directory);
  expect(directories.map(existsSync)).toEqual([true, false, true, true]);
});

it('counts what earlier runs left, the oldest first', () => {
  using folder = temporaryFolder();
  const old = podLogs(folder.path, 'z-old', 100, 1_000);
  const young = podLogs(folder.path, 'a-young', 100, 2_000);
  new LogRetention(150, silentLogger).scan(folder.path);
  expect([old, young].map(existsSync)).toEqual([false, true]);
});
