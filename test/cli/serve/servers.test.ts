import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../../../cli/data-directory.ts';
import { openEmbedded } from '../../../cli/embedded.ts';
import { startServers } from '../../../cli/serve/servers.ts';
import { silentLogger } from '../../../core/logger.ts';
import { EMPTY_IMAGE_MAP } from '../../../local/kubelet/image-map.ts';
import { temporaryFolder } from '../../support/command.ts';

/** Listens on a free port, or on the one given; rejects where that is taken. */
async function listen(port = 0): Promise<{ port: number; close(): Promise<unknown> }> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => once(server.close(), 'close'),
  };
}

async function freePort(): Promise<number> {
  const listening = await listen();
  await listening.close();
  return listening.port;
}

/** How the start of the servers in a fresh directory fails, where `prepare` has been there before. */
async function failure(
  ports: { rest: number; kube: number },
  prepare: (directory: string) => void = () => undefined,
): Promise<unknown> {
  using folder = temporaryFolder();
  prepare(folder.path);
  const directory = dataDirectory(folder.path);
  const service = openEmbedded({ directory, imageMap: EMPTY_IMAGE_MAP, logger: silentLogger });
  try {
    return await startServers(directory, service, ports, silentLogger).then(
      () => null,
      (error: unknown) => error,
    );
  } finally {
    await service.stop();
  }
}

describe('servers of which one cannot start', () => {
  it('say which port is taken, and leave the other one free', async () => {
    const taken = await listen();
    const rest = await freePort();
    expect(await failure({ rest, kube: taken.port })).toMatchObject({ code: 'PORT_UNUSABLE' });
    await (await listen(rest)).close();
    await taken.close();
  });

  it('leave both ports free where their files cannot be written', async () => {
    const [rest, kube] = [await freePort(), await freePort()];
    const somethingInTheWay = (directory: string): void => {
      mkdirSync(join(directory, 'kubeconfig'));
    };
    expect(await failure({ rest, kube }, somethingInTheWay)).toMatchObject({ syscall: 'rename' });
    await (await listen(rest)).close();
    await (await listen(kube)).close();
  });
});
