import { createServer, connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The processes that train together, seen from one of them: what `torch.distributed` would be. */
export interface ProcessGroup {
  /** Element by element the mean of what all processes hand in; each gets the same. All have to call it equally often. */
  average(values: readonly number[]): Promise<number[]>;
  leave(): void;
}

export interface Membership {
  readonly rank: number;
  readonly worldSize: number;
  readonly masterHost: string;
  readonly masterPort: number;
}

/** A peer at the other end of a connection; every message is a line with a JSON array of numbers. */
interface Peer {
  send(values: readonly number[]): void;
  receive(): Promise<number[]>;
  leave(): void;
}

const RETRY_MS = 100;

/** Resolves when everybody is there: rank 0 waits for the others, and they try until it listens. */
export async function joinProcessGroup(membership: Membership): Promise<ProcessGroup> {
  if (membership.rank === 0) return leader(await gatherPeers(membership));
  return follower(peerAt(await connectToMaster(membership)));
}

function leader(peers: readonly Peer[]): ProcessGroup {
  return {
    async average(values) {
      const all = [values, ...(await Promise.all(peers.map((peer) => peer.receive())))];
      const mean = values.map(
        (_, place) => all.reduce((sum, row) => sum + (row[place] ?? 0), 0) / all.length,
      );
      for (const peer of peers) peer.send(mean);
      return mean;
    },
    leave: () => peers.forEach((peer) => peer.leave()),
  };
}

function follower(master: Peer): ProcessGroup {
  return {
    average(values) {
      master.send(values);
      return master.receive();
    },
    leave: () => master.leave(),
  };
}

function gatherPeers({ worldSize, masterHost, masterPort }: Membership): Promise<Peer[]> {
  const peers: Peer[] = [];
  if (worldSize === 1) return Promise.resolve(peers);
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      peers.push(peerAt(socket));
      if (peers.length < worldSize - 1) return;
      server.close();
      resolve(peers);
    });
    server.once('error', reject);
    server.listen(masterPort, masterHost);
  });
}

function connectToMaster({ masterHost, masterPort }: Membership): Promise<Socket> {
  return new Promise((resolve) => {
    const attempt = (): void => {
      const socket = connect(masterPort, masterHost);
      socket.once('error', () => setTimeout(attempt, RETRY_MS));
      socket.once('connect', () => resolve(socket));
    };
    attempt();
  });
}

function peerAt(socket: Socket): Peer {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    send: (values) => void socket.write(`${JSON.stringify(values)}\n`),
    async receive() {
      const line = await lines.next();
      if (line.done) throw new Error('A process has left the group before the training was over.');
      return JSON.parse(line.value) as number[];
    },
    leave: () => void socket.end(),
  };
}
