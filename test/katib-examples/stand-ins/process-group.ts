import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/**
 * Calls `train` when all processes of a PyTorchJob have met at MASTER_ADDR and MASTER_PORT, as `init_process_group` does; at
 * once where there is one process only. The job's processes end together: the master waits for the others to hang up.
 */
export async function withProcessGroup(train: () => void): Promise<void> {
  const { WORLD_SIZE = '1', RANK = '0' } = process.env;
  if (Number(WORLD_SIZE) === 1) {
    train();
    return;
  }
  console.log('Using distributed PyTorch with gloo backend');
  await (RANK === '0' ? lead(Number(WORLD_SIZE) - 1, train) : follow(train));
}

async function lead(others: number, train: () => void): Promise<void> {
  const server = createServer().listen(Number(process.env['MASTER_PORT']));
  const sockets: Socket[] = [];
  while (sockets.length < others) {
    const [socket] = (await once(server, 'connection')) as [Socket];
    sockets.push(socket);
  }
  for (const socket of sockets) socket.resume().write('go');
  train();
  await Promise.all(sockets.map((socket) => once(socket, 'close')));
  server.close();
}

async function follow(train: () => void): Promise<void> {
  const socket = await masterSocket();
  await once(socket, 'data');
  train();
  socket.end();
}

/** The processes start in no order: the master may not listen yet. */
async function masterSocket(): Promise<Socket> {
  for (;;) {
    const socket = connect(Number(process.env['MASTER_PORT']), process.env['MASTER_ADDR'] ?? '');
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      await setTimeout(50);
    }
  }
}
