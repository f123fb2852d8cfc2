import { InvalidArgumentError, Option } from 'commander';
import { parseQuantity } from '../local/kubelet/quantity.ts';
import { DEFAULT_DATA_DIR } from './data-directory.ts';

/** `-o, --output <format>` with a closed list of formats; the first is the default. */
export function outputOption<Format extends string>(formats: readonly [Format, ...Format[]]): Option {
  return new Option('-o, --output <format>', 'how to print the answer').choices(formats).default(formats[0]);
}

export function dataDirOption(): Option {
  return new Option('--data-dir <dir>', 'where experiments and results are kept')
    .default(DEFAULT_DATA_DIR)
    .env('KATYDID_DATA_DIR');
}

export function namespaceOption(): Option {
  return new Option('-n, --namespace <name>', 'look in this namespace only');
}

/** A whole number of at least `least`; for commander's argument parsing. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`"${text}" is not a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** `--min-free-space <size>`: bytes, of a Kubernetes quantity. */
export function minFreeSpaceOption(): Option {
  return new Option(
    '--min-free-space <size>',
    'no trial starts while the disk has less room (default: 64Mi, or 5 % of a small disk; 0 looks at nothing)',
  ).argParser(byteSize);
}

function byteSize(text: string): number {
  const bytes = parseQuantity(text);
  if (bytes !== undefined && bytes >= 0 && Number.isFinite(bytes)) return bytes;
  throw new InvalidArgumentError(`"${text}" is not a size such as 500M, 64Mi or 2Gi.`);
}

const MAX_PORT = 65_535;

/** For commander's argument parsing. */
export function portNumber(text: string): number {
  const port = wholeNumber(0)(text);
  if (port <= MAX_PORT) return port;
  throw new InvalidArgumentError(`"${text}" is not a port: 0 to ${MAX_PORT}.`);
}
