import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { REPORT_URL_VARIABLE } from '../../core/labels.ts';
import type { Container, StoredPod } from '../../core/pod.ts';
import { rewriteAddresses, type PeerNames } from './address-rewriting.ts';
import { baseEnvironment } from './base-environment.ts';
import { containerEnvironment } from './container-environment.ts';
import { containerMounts, type ContainerMounts } from './container-mounts.ts';
import { findExecutable } from './executable.ts';
import type { ImageMap, ImageMapping } from './image-map.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';
import type { NodeFacts } from './node-facts.ts';
import type { PodDirectory } from './pod-directory.ts';
import type { PodObjects } from './pod-objects.ts';
import { processMarkers } from './process-markers.ts';
import { unmappedPaths, type PlacedText, type UnmappedPath } from './unmapped-paths.ts';
import { expandVariables } from './variable-expansion.ts';
import type { VolumePaths } from './volumes.ts';

/** What a container of a pod is started with. */
export interface LaunchContext {
  readonly pod: StoredPod;
  readonly dataDir: string;
  readonly directory: PodDirectory;
  readonly volumes: VolumePaths;
  readonly objects: PodObjects;
  readonly node: NodeFacts;
  readonly imageMap: ImageMap;
  readonly peers: PeerNames;
  readonly portFor: (service: string, port: number) => Promise<number>;
  readonly gpuDevices: readonly number[];
  /** Where the pod's trial reports by HTTP; null for pods of no trial, and where nothing listens. */
  readonly reportAddress: string | null;
  /** Environment of the service. */
  readonly inherited: NodeJS.ProcessEnv;
  /** Where commands start that say nothing else. */
  readonly workingDir: string;
}

/** A container's command, translated to this computer. */
export interface LaunchPlan {
  /** Absolute path of the program. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly terminationFile: string;
  /** Command to run before the container is asked to end. */
  readonly preStop: readonly string[] | undefined;
  /** Paths of the container as they are here. */
  readonly rewriteText: (text: string) => string;
  readonly unmappedPaths: readonly UnmappedPath[];
  /** Peers named without a port. */
  readonly bareNames: readonly string[];
}

/** Translates a container to a process. KatydidError with a LOCAL_* code where that cannot be done. */
export async function planLaunch(container: Container, context: LaunchContext): Promise<LaunchPlan> {
  const image = context.imageMap.find(container.image ?? '');
  const variables = await containerEnvironment(container, context);
  const mounts = containerMounts(container, context.volumes, context.directory, image, variables);
  const subject = `Container "${container.name}" of pod "${context.pod.metadata.name}"`;
  const expanded = containerCommand(container, image, subject).map((word) =>
    expandVariables(word, (name) => variables[name]),
  );
  const preStop = container.lifecycle?.preStop?.exec?.command.map(mounts.paths.rewriteText);
  const texts = { argv: expanded.map(mounts.paths.rewriteText), env: rewriteValues(variables, mounts) };
  const here = await rewriteAddresses(texts, context.peers, context.portFor);
  const { argv, env: specified, bareNames } = here;
  const env = processEnvironment(container, image, mounts, specified, context);
  const cwd = workingDirectory(container, image, mounts, context);
  const [command = '', ...args] = argv;
  const file = findExecutable(command, {
    subject,
    image: container.image ?? '(none)',
    cwd,
    searchPath: env['PATH'] ?? '',
  });
  const { terminationFile } = mounts;
  const placed = placedTexts(container, { argv: expanded, env: variables }, here);
  const unmapped = unmappedPaths(placed, context.volumes.values());
  const { rewriteText } = mounts.paths;
  return { file, args, env, cwd, terminationFile, preStop, rewriteText, unmappedPaths: unmapped, bareNames };
}

function containerCommand(container: Container, image: ImageMapping | undefined, subject: string): string[] {
  const command = container.command?.length ? container.command : (image?.entrypoint ?? []);
  if (command.length === 0) {
    throw localError(
      'LOCAL_NO_COMMAND',
      `${subject} has no command, and its image ${container.image ?? '(none)'} is not used here.`,
    );
  }
  return [...(image?.commandPrefix ?? []), ...command, ...(container.args ?? [])];
}

function rewriteValues(
  variables: Readonly<Record<string, string>>,
  mounts: ContainerMounts,
): Record<string, string> {
  const entries = Object.entries(variables).map(([name, value]) => [name, mounts.paths.rewriteText(value)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function processEnvironment(
  container: Container,
  image: ImageMapping | undefined,
  mounts: ContainerMounts,
  specified: Readonly<Record<string, string>>,
  { pod, inherited, gpuDevices, reportAddress, dataDir }: LaunchContext,
): Record<string, string> {
  return {
    ...baseEnvironment(pod, container, inherited, gpuDevices),
    ...(reportAddress !== null && { [REPORT_URL_VARIABLE]: reportAddress }),
    ...image?.env,
    ...mounts.variables,
    ...specified,
    ...processMarkers(dataDir, pod.metadata.uid),
  };
}

function workingDirectory(
  container: Container,
  image: ImageMapping | undefined,
  mounts: ContainerMounts,
  context: LaunchContext,
): string {
  const asked = container.workingDir === undefined ? undefined : mounts.paths.resolve(container.workingDir);
  const cwd = path.resolve(context.workingDir, asked ?? image?.workingDir ?? '.');
  if (existsSync(cwd)) return cwd;
  if (cwd.startsWith(`${context.directory.root}${path.sep}`)) {
    mkdirSync(cwd, { recursive: true });
    return cwd;
  }
  throw localError(
    'LOCAL_PATH_UNMAPPED',
    `workingDir "${container.workingDir ?? cwd}" of container "${container.name}" of pod "${context.pod.metadata.name}" does not exist here.`,
  );
}

interface Texts {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Every argument and every variable that the container names, before and after its translation. */
function placedTexts(container: Container, written: Texts, here: Texts): PlacedText[] {
  const argsAt = written.argv.length - (container.args?.length ?? 0);
  const commandAt = argsAt - (container.command?.length ?? 0);
  const place = (at: number): string => {
    if (at >= argsAt) return `args[${at - argsAt}]`;
    return at >= commandAt ? `command[${at - commandAt}]` : 'the image map';
  };
  const words = written.argv.map((word, at) => ({
    place: place(at),
    written: word,
    here: here.argv[at] ?? word,
  }));
  const variables = (container.env ?? []).map(({ name }) => ({
    place: `env ${name}`,
    written: written.env[name] ?? '',
    here: here.env[name] ?? '',
  }));
  return [...words.slice(1), ...variables];
}
