import { literalPattern } from './literal-pattern.ts';

/** Names that stand for pods, seen from one of them. */
export interface PeerNames {
  readonly namespace: string;
  readonly ownName: string;
  /** A Service, the pod itself, or a replica of its job, whose Service may be created later. */
  isPeer(name: string): boolean;
}

/** What a container is started with, as far as it can hold addresses. */
export interface AddressTexts {
  readonly argv: readonly string[];
  /** Variables that the pod's specification sets. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RewrittenTexts {
  argv: string[];
  env: Record<string, string>;
  /** Names without a port: nothing but this computer's address could be put in their place. */
  bareNames: string[];
}

interface Mention {
  name: string;
  port: number;
}

/** Variables that hold a host alone; the port is in a variable beside it: MASTER_ADDR and MASTER_PORT. */
const HOST_VARIABLE = /(?<stem>.*)_(?:ADDR|ADDRESS|HOST)$/;

/** Asks `portFor` for every peer's port that is mentioned and puts `127.0.0.1:<port>` in place of the names. */
export async function rewriteAddresses(
  texts: AddressTexts,
  peers: PeerNames,
  portFor: (name: string, port: number) => Promise<number>,
): Promise<RewrittenTexts> {
  const ports = new Map<string, number>();
  for (const { name, port } of findMentions(texts, peers)) {
    ports.set(mentionKey(name, port), await portFor(name, port));
  }
  const bareNames = new Set<string>();
  const rewrite = (text: string): string =>
    replaceAddresses(text, peers, (name, port) => {
      if (port !== undefined) return `127.0.0.1:${ports.get(mentionKey(name, port)) ?? port}`;
      if (name !== peers.ownName) bareNames.add(name);
      return '127.0.0.1';
    });
  const env = Object.fromEntries(Object.entries(texts.env).map(([key, value]) => [key, rewrite(value)]));
  for (const pair of hostVariables(texts.env, peers)) {
    env[pair.hostVariable] = '127.0.0.1';
    if (!pair.mention) continue;
    env[pair.portVariable] = String(ports.get(mentionKey(pair.mention.name, pair.mention.port)));
    bareNames.delete(pair.mention.name);
  }
  const argv = texts.argv.map((argument) => rewriteBareArgument(rewrite(argument), peers, bareNames));
  return { argv, env, bareNames: [...bareNames] };
}

function findMentions(texts: AddressTexts, peers: PeerNames): Mention[] {
  const mentions: Mention[] = [];
  for (const text of [...texts.argv, ...Object.values(texts.env)]) {
    replaceAddresses(text, peers, (name, port) => {
      if (port !== undefined) mentions.push({ name, port });
      return '';
    });
  }
  return [...mentions, ...hostVariables(texts.env, peers).flatMap(({ mention }) => mention ?? [])];
}

interface HostVariable {
  hostVariable: string;
  portVariable: string;
  /** Undefined where there is no port variable. */
  mention: Mention | undefined;
}

function hostVariables(env: Readonly<Record<string, string>>, peers: PeerNames): HostVariable[] {
  return Object.entries(env).flatMap(([hostVariable, value]) => {
    const stem = HOST_VARIABLE.exec(hostVariable)?.groups?.['stem'];
    const name = stem === undefined ? undefined : peerNameOf(value, peers);
    if (stem === undefined || name === undefined) return [];
    const portVariable = `${stem}_PORT`;
    const port = env[portVariable];
    const mention = port !== undefined && /^\d+$/.test(port) ? { name, port: Number(port) } : undefined;
    return [{ hostVariable, portVariable, mention }];
  });
}

/** The peer that a text names and nothing else, with or without the cluster's suffix. */
function peerNameOf(text: string, peers: PeerNames): string | undefined {
  const name = new RegExp(`^([a-z0-9-]+)(?:${suffixPattern(peers.namespace)})?$`).exec(text)?.[1];
  return name !== undefined && peers.isPeer(name) ? name : undefined;
}

/**
 * A name alone may be anything: a run name, a directory. It is taken for an address only where it is a whole argument
 * or a whole option value, and not the pod's own name.
 */
function rewriteBareArgument(argument: string, peers: PeerNames, bareNames: Set<string>): string {
  const match = /^(?<option>[^=]*=)?(?<name>[a-z0-9-]+)$/.exec(argument);
  const name = match?.groups?.['name'];
  if (name === undefined || name === peers.ownName || !peers.isPeer(name)) return argument;
  bareNames.add(name);
  return `${match?.groups?.['option'] ?? ''}127.0.0.1`;
}

/** Replaces `<peer>:<port>`, `<peer>.<ns>…` and `<peer>.<ns>…:<port>`, wherever they stand as whole words. */
function replaceAddresses(
  text: string,
  peers: PeerNames,
  replacement: (name: string, port: number | undefined) => string,
): string {
  const suffix = suffixPattern(peers.namespace);
  const pattern = new RegExp(
    String.raw`(?<![\w.-])([a-z0-9][a-z0-9-]*)(${suffix})?(?::(\d{1,5}))?(?![\w-]|\.\w)`,
    'g',
  );
  return text.replace(pattern, (found, name: string, suffixFound?: string, port?: string) => {
    if (suffixFound === undefined && port === undefined) return found;
    return peers.isPeer(name) ? replacement(name, port === undefined ? undefined : Number(port)) : found;
  });
}

function suffixPattern(namespace: string): string {
  return String.raw`\.${literalPattern(namespace)}(?:\.svc(?:\.[a-z0-9-]+)*)?`;
}

function mentionKey(name: string, port: number): string {
  return `${name}:${port}`;
}
