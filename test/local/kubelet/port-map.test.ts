import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { silentLogger } from '../../../core/logger.ts';
import { PortMap } from '../../../local/kubelet/port-map.ts';
import { temporaryFolder } from '../../support/command.ts';

const WORKER = { namespace: 'ml', service: 'job-worker-0', port: 2222 };

it('gives every port of every service a port of its own, and the same one again', async () => {
  using folder = temporaryFolder();
  const map = new PortMap(folder.path, silentLogger);
  const wanted = [
    WORKER,
    { ...WORKER, port: 2223 },
    { ...WORKER, service: 'job-worker-1' },
    { ...WORKER, namespace: 'x' },
  ];
  const ports = await Promise.all([...wanted, ...wanted].map((port) => map.portFor(port)));
  expect(new Set(ports.slice(0, 4)).size).toBe(4);
  expect(ports.slice(4)).toEqual(ports.slice(0, 4));
});

it('knows its ports after a restart, until their service goes', async () => {
  using folder = temporaryFolder();
  const first = new PortMap(folder.path, silentLogger);
  const port = await first.portFor(WORKER);
  const other = await first.portFor({ ...WORKER, service: 'job-worker-1' });
  const second = new PortMap(folder.path, silentLogger);
  expect(await second.portFor(WORKER)).toBe(port);
  second.release('ml', 'job-worker-0');
  second.keepOnly((_, service) => service === 'job-worker-1');
  expect(await new PortMap(folder.path, silentLogger).portFor({ ...WORKER, service: 'job-worker-1' })).toBe(
    other,
  );
});

it('gives a port on which something can listen', async () => {
  using folder = temporaryFolder();
  const port = await new PortMap(folder.path, silentLogger).portFor(WORKER);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(server.address()).toMatchObject({ port });
  server.close();
});

it('starts anew where its file is damaged', async () => {
  using folder = temporaryFolder();
  writeFileSync(path.join(folder.path, 'ports.json'), '[{"namespace":');
  await expect(new PortMap(folder.path, silentLogger).portFor(WORKER)).resolves.toBeGreaterThan(0);
});
