/** What the checks ask the system. Handed in, so that tests can seed faults that a healthy computer does not have. */
export interface Probes {
  readonly nodeVersion: string;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly cpus: number;
  now(): number;
  memory(): MemoryFacts;
  /** Null where the system does not tell. */
  limits(): LimitFacts | null;
  /** Of the file system on which an existing path lies. */
  fileSystem(path: string): FileSystemFacts;
  isRunning(pid: number): boolean;
  /** Processes that trials of this data directory (absolute, without symbolic links) left or run. */
  trainingProcesses(dataDir: string): readonly number[];
  gpuDevices(): readonly number[];
  /** Whether anybody accepts connections at this http(s) address. */
  answers(url: string): Promise<boolean>;
  /** Null where this port of 127.0.0.1 can be listened on, else why not. */
  portTrouble(port: number): Promise<string | null>;
  /** Runs a program to its end, for a few seconds at most. */
  run(command: ProbeCommand): Promise<ProbeOutcome>;
}

export interface MemoryFacts {
  readonly totalBytes: number;
  /** What programs could still take. */
  readonly availableBytes: number;
  /** The limit of the container or service that this process runs in (cgroup); null where there is none. */
  readonly limitBytes: number | null;
}

/** Infinity where there is no limit. */
export interface LimitFacts {
  readonly openFiles: number;
  /** Of this user, threads included. */
  readonly processes: number;
  /** Further processes that the control group (a container, for example) allows. */
  readonly processesLeftInGroup: number;
}

export interface FileSystemFacts {
  /** The magic number of statfs(2). */
  readonly type: number;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** Files that can still be made; null where the file system has no such limit. */
  readonly freeFiles: number | null;
}

export interface ProbeCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export type ProbeOutcome =
  { readonly kind: 'ended'; readonly stdout: string } | { readonly kind: 'failed'; readonly reason: string };
