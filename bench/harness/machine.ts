import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';

const GIBIBYTE = 1024 ** 3;

/** The computer on which figures were measured, in one line. */
export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'unknown processor';
  const memory = `${Math.round(totalmem() / GIBIBYTE)} GiB`;
  return `${processors.length} × ${model}, ${memory}, ${distribution()} (${platform()} ${release()} ${arch()}), Node.js ${process.version}`;
}

function distribution(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown system';
  } catch {
    return platform();
  }
}
