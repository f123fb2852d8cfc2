import { TrainingError } from '../training-error.ts';
import type { ParameterStore } from '../model/parameter-store.ts';
import type { Address } from './cluster.ts';
import { connectPeer, type Peer } from './peer.ts';
import { message, type Message, type MessageKind } from './wire.ts';

/** The parameter servers of a training, each of which holds one piece of the parameters. */
export interface ParameterServers extends ParameterStore {
  /** Gives the servers their parameters. Only the chief does, once. */
  initialise(parameters: Float32Array): Promise<void>;
  /** Ends the servers. Only the chief does, once. */
  finish(): Promise<void>;
  /** Resolved when one of them is gone too early. */
  readonly lost: Promise<TrainingError>;
  close(): void;
}

/** Connects to all parameter servers, waiting up to `timeoutMs` for them to start. */
export async function connectParameterServers(
  addresses: readonly Address[],
  parameterCount: number,
  timeoutMs: number,
): Promise<ParameterServers> {
  const servers = await Promise.all(
    addresses.map((address, index) => connectPeer({ name: `ps ${index}`, address, timeoutMs })),
  );
  const pieceStart = (server: number): number => Math.floor((server * parameterCount) / servers.length);
  const piecesOf = (vector: Float32Array): Float32Array[] =>
    servers.map((_, server) => vector.subarray(pieceStart(server), pieceStart(server + 1)));
  const send = async (kind: MessageKind, vector: Float32Array): Promise<void> => {
    const pieces = piecesOf(vector);
    await callAll(servers, 'done', (server) => message(kind, pieces[server]));
  };
  return {
    initialise: (parameters) => send('initialise', parameters),
    push: (gradient) => send('push', gradient),
    pull: async () => {
      const answers = await callAll(servers, 'parameters', () => message('pull'));
      return concatenated(
        answers.map(({ values }) => values),
        parameterCount,
      );
    },
    finish: async () => {
      await callAll(servers, 'done', () => message('finish'));
    },
    lost: Promise.race(servers.map(({ lost }) => lost)),
    close: () => servers.forEach((server) => server.close()),
  };
}

async function callAll(
  servers: readonly Peer[],
  expected: MessageKind,
  requestTo: (server: number) => Message,
): Promise<Message[]> {
  const answers = await Promise.all(servers.map((server, index) => server.call(requestTo(index))));
  const wrong = answers.find(({ kind }) => kind !== expected);
  if (wrong) throw new TrainingError(`A parameter server answered "${wrong.kind}" instead of "${expected}".`);
  return answers;
}

function concatenated(pieces: readonly Float32Array[], length: number): Float32Array {
  const vector = new Float32Array(length);
  let offset = 0;
  for (const piece of pieces) {
    vector.set(piece, offset);
    offset += piece.length;
  }
  return vector;
}
