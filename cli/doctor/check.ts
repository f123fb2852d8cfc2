/** `problem`: something will fail. `warning`: something may, or will surprise. */
export type Level = 'ok' | 'warning' | 'problem';

/** One thing that a check has seen. What is not in order has a remedy. */
export type Finding =
  | { readonly level: 'ok'; readonly found: string }
  | { readonly level: 'warning' | 'problem'; readonly found: string; readonly remedy: string };

/** One question that `katydid doctor` asks. `Input` is what it looks at. Changes nothing that lasts. */
export interface Check<Input> {
  /** Stable; docs/doctor.md has a row for each. */
  readonly id: string;
  readonly title: string;
  /** Why the answer matters, in one sentence. */
  readonly why: string;
  readonly run: (input: Input) => readonly Finding[] | Promise<readonly Finding[]>;
}

export function ok(found: string): Finding {
  return { level: 'ok', found };
}

export function warning(found: string, remedy: string): Finding {
  return { level: 'warning', found, remedy };
}

export function problem(found: string, remedy: string): Finding {
  return { level: 'problem', found, remedy };
}

/** Each finding once: many trials may share a fault. */
export function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.level} ${finding.found}`, finding])).values()];
}
