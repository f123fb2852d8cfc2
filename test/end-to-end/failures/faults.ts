/** A trial with something wrong, and how it must be explained. */
export interface Fault {
  /** As the table of docs/failures.md names it. */
  name: string;
  code: string;
  /** What the explanation must say. */
  cause: RegExp;
  container: Record<string, unknown>;
  /** Of the pod, beside its container. */
  pod?: Record<string, unknown>;
  /** Of the Job, beside its pod template. */
  job?: Record<string, unknown>;
  collector?: Record<string, unknown>;
  metricStrategies?: { name: string; value: string }[];
  /** The infrastructure is at fault: the trial goes on and is started over. */
  isRetried?: true;
}

/** What the faults need of the computer: made by the test before. */
export interface FaultPlaces {
  /** A file that nobody may execute. */
  notExecutable: string;
  /** An executable file that is no program. */
  notAProgram: string;
  /** A port of the loopback address on which somebody listens. */
  takenPort: number;
}

const NODE = process.execPath;
const shell = (script: string): Record<string, unknown> => ({ command: ['sh', '-c', script] });
const node = (script: string, ...flags: string[]): Record<string, unknown> => ({
  command: [NODE, ...flags, '-e', script],
});

export function faults({ notExecutable, notAProgram, takenPort }: FaultPlaces): Fault[] {
  return [
    ...faultsOfPrograms({ notExecutable, notAProgram }),
    ...faultsOfResources(takenPort),
    ...faultsOfTemplates(),
    ...faultsOfMetrics(),
  ];
}

function faultsOfPrograms({
  notExecutable,
  notAProgram,
}: Pick<FaultPlaces, 'notExecutable' | 'notAProgram'>): Fault[] {
  return [
    {
      name: 'A module is not installed',
      code: 'TRIAL_MODULE_MISSING',
      cause: /needs the module "no-such-module"/,
      container: node("require('no-such-module')"),
    },
    {
      name: 'The script does not exist here',
      code: 'LOCAL_PATH_UNMAPPED',
      cause: /\/no\/such\/train\.js/,
      container: { command: [NODE, '/no/such/train.js'] },
    },
    {
      name: 'A data file does not exist',
      code: 'TRIAL_FILE_MISSING',
      cause: /did not find a file: .*data\.csv/,
      container: shell('cat data.csv'),
    },
    {
      name: 'The program does not exist',
      code: 'LOCAL_EXEC_FAILED',
      cause: /"no-such-program" is not an executable file here/,
      container: { command: ['no-such-program', '--fast'] },
    },
    {
      name: 'A shell script calls a program that does not exist',
      code: 'TRIAL_COMMAND_NOT_FOUND',
      cause: /no-such-program: (?:command )?not found/,
      container: shell('no-such-program --fast'),
    },
    {
      name: 'The file may not be executed',
      code: 'LOCAL_EXEC_FAILED',
      cause: /train\.sh" is not an executable file here/,
      container: { command: [notExecutable] },
    },
    {
      name: 'The file is no program (exec format)',
      code: 'LOCAL_EXEC_FAILED',
      cause: /exec format error/,
      container: { command: [notAProgram] },
    },
    {
      name: 'The working directory does not exist',
      code: 'LOCAL_PATH_UNMAPPED',
      cause: /\/no\/such\/directory/,
      container: { ...shell('echo loss=1'), workingDir: '/no/such/directory' },
    },
    {
      name: 'An argument is not known to the program',
      code: 'TRIAL_ARGUMENT_REFUSED',
      cause: /Unknown option '--lr'/,
      container: {
        command: [NODE, '-e', "require('node:util').parseArgs({ args: ['--lr'] })"],
      },
    },
    {
      name: 'A path may not be written',
      code: 'TRIAL_PERMISSION_DENIED',
      cause: /may not do what it tried: .*Permission denied/,
      container: shell('echo 1 > /sys/kernel/katydid'),
    },
    {
      name: 'The program ends with an error of its own',
      code: 'TRIAL_EXIT_CODE',
      cause: /ended with exit code 1: .*shapes do not match/,
      container: shell('echo "ValueError: shapes do not match" >&2; exit 1'),
    },
    {
      name: 'The program ends without a word',
      code: 'TRIAL_EXIT_CODE',
      cause: /ended with exit code 3/,
      container: shell('exit 3'),
    },
    {
      name: 'Somebody kills the program',
      code: 'TRIAL_KILLED_BY_SIGNAL',
      cause: /signal 9 \(SIGKILL\)/,
      container: shell('kill -KILL $$$$'),
    },
    {
      name: 'The program crashes',
      code: 'TRIAL_KILLED_BY_SIGNAL',
      cause: /signal 11 \(SIGSEGV\)/,
      container: shell('kill -SEGV $$$$'),
    },
  ];
}

function faultsOfResources(takenPort: number): Fault[] {
  return [
    {
      name: 'More memory than the limit allows',
      code: 'TRIAL_OUT_OF_MEMORY',
      cause: /more memory than its limit/,
      container: {
        ...node('globalThis.kept = Buffer.alloc(600 << 20, 1); setTimeout(() => {}, 60_000)'),
        resources: { limits: { memory: '200Mi' } },
      },
    },
    {
      name: 'The program itself runs out of memory',
      code: 'TRIAL_OUT_OF_MEMORY',
      cause: /ran out of memory: .*heap/,
      container: node(
        'const kept = []; for (;;) kept.push(new Array(1000).fill(0.5))',
        '--max-old-space-size=20',
      ),
    },
    {
      name: 'The disk is full for the program',
      code: 'TRIAL_DISK_FULL',
      cause: /No space left on device/,
      container: shell('cat /etc/passwd > /dev/full'),
      isRetried: true,
    },
    {
      name: 'Another computer cannot be reached',
      code: 'TRIAL_NETWORK_UNAVAILABLE',
      cause: /could not reach another computer: .*getaddrinfo/,
      container: node("require('node:dns').lookup('data.invalid', (error) => { throw error })"),
      isRetried: true,
    },
    {
      name: 'A port is in use',
      code: 'LOCAL_PORT_IN_USE',
      cause: new RegExp(`Port ${takenPort}`),
      container: node(`require('node:net').createServer().listen(${takenPort}, '127.0.0.1')`),
    },
    {
      name: 'The job runs longer than its deadline',
      code: 'TRIAL_DEADLINE',
      cause: /longer than its activeDeadlineSeconds allows/,
      container: shell('sleep 300'),
      job: { activeDeadlineSeconds: 1 },
    },
    {
      name: 'More GPUs than there are',
      code: 'LOCAL_GPU_UNAVAILABLE',
      cause: /640? /,
      container: { ...shell('echo loss=1'), resources: { limits: { 'nvidia.com/gpu': 64 } } },
    },
  ];
}

function faultsOfTemplates(): Fault[] {
  const mount = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  return [
    {
      name: 'A ConfigMap does not exist',
      code: 'LOCAL_OBJECT_MISSING',
      cause: /no-such-settings/,
      container: { ...shell('echo loss=1'), ...mount },
      pod: { volumes: [{ name: 'data', configMap: { name: 'no-such-settings' } }] },
    },
    {
      name: 'A volume of a kind that only clusters have',
      code: 'LOCAL_VOLUME_UNSUPPORTED',
      cause: /nfs/,
      container: { ...shell('echo loss=1'), ...mount },
      pod: { volumes: [{ name: 'data', nfs: { server: 'files', path: '/' } }] },
    },
    {
      name: 'An init container fails',
      code: 'TRIAL_EXIT_CODE',
      cause: /Container prepare .*no data today/,
      container: shell('echo loss=1'),
      pod: {
        initContainers: [{ name: 'prepare', image: 'none', ...shell('echo no data today; exit 1') }],
      },
    },
  ];
}

function faultsOfMetrics(): Fault[] {
  const file = (format: string): Record<string, unknown> => ({
    collector: { kind: 'File' },
    source: { fileSystemPath: { path: '/metrics/log', kind: 'File', format } },
  });
  return [
    {
      name: 'The objective is NaN',
      code: 'METRICS_NAN',
      cause: /none of its 2 reports was a number/,
      container: shell('echo loss=nan; echo loss=nan'),
    },
    {
      name: 'The objective becomes NaN, and the last value counts',
      code: 'METRICS_NAN',
      cause: /the last of its 2 reports was NaN/,
      container: shell('echo loss=0.5; echo loss=nan'),
      metricStrategies: [{ name: 'loss', value: 'latest' }],
    },
    {
      name: 'No line reports a metric',
      code: 'METRICS_NO_LINE_MATCHED',
      cause: /none of them reports "loss"/,
      container: shell('echo training; echo done'),
    },
    {
      name: 'The metric has another name',
      code: 'METRICS_OTHER_NAMES_SEEN',
      cause: /Seen instead: "val_loss"/,
      container: shell('echo val_loss=0.3'),
    },
    {
      name: 'The metric is printed as a word',
      code: 'METRICS_NOT_A_NUMBER',
      cause: /"high"/,
      container: shell('echo loss=high'),
    },
    {
      name: 'The program prints nothing',
      code: 'METRICS_NO_OUTPUT',
      cause: /wrote nothing/,
      container: shell('true'),
    },
    {
      name: 'The metrics file never appears',
      code: 'METRICS_FILE_MISSING',
      cause: /Nothing was found at \/metrics\/log/,
      container: shell('echo loss=1'),
      collector: file('TEXT'),
    },
    {
      name: 'The metrics file is damaged',
      code: 'METRICS_UNREADABLE',
      cause: /could be read/,
      container: shell('echo "{broken" > /metrics/log'),
      collector: file('JSON'),
    },
    {
      name: 'The training was to serve its metrics, and does not',
      code: 'METRICS_ENDPOINT_UNREACHABLE',
      cause: /Nobody answered .*http:\/\/127\.0\.0\.1:\d+\/metrics: connect ECONNREFUSED/,
      container: shell('echo loss=1; sleep 1'),
      collector: { collector: { kind: 'PrometheusMetric' } },
    },
    {
      name: 'A collector of the own reports nothing',
      code: 'METRICS_COLLECTOR_SILENT',
      cause: /Container "mine" reported no value of "loss".* It ended with exit code 3\./,
      container: shell('echo loss=1; sleep 1'),
      collector: {
        collector: {
          kind: 'Custom',
          customCollector: { name: 'mine', image: 'none', ...shell('echo no database here; exit 3') },
        },
      },
    },
    {
      name: 'The training was to push its metrics, and did not',
      code: 'METRICS_NEVER_PUSHED',
      cause: /pushed none/,
      container: shell('echo loss=1'),
      collector: { collector: { kind: 'Push' } },
    },
  ];
}
