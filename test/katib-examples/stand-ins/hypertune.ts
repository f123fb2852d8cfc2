import { writeFileSync } from 'node:fs';

/** How many reports the file holds: cloudml-hypertune forgets older ones. */
const KEPT = 100;

export interface Hypertune {
  report(metric: string, value: number, step: number): void;
}

/** Writes metrics as cloudml-hypertune does: values are text, and every report writes the whole file anew. */
export function createHypertune(path: string): Hypertune {
  const reports: object[] = [];
  return {
    report(metric, value, step) {
      reports.push({
        checkpoint_path: '',
        global_step: String(step),
        [metric]: String(value),
        timestamp: Date.now() / 1000,
        trial: '0',
      });
      if (reports.length > KEPT) reports.shift();
      writeFileSync(path, reports.map((report) => `${JSON.stringify(report)}\n`).join(''));
    },
  };
}
