/** The names under which trainings say how far they are, the most precise first. */
export const STEP_NAMES = ['global_step', 'step', 'epoch'] as const;
type StepName = (typeof STEP_NAMES)[number];

/** `step=12`, `Epoch 3/10`, `[Epoch 3]`, `'epoch': 1.5`, `Epoch [3/10]`, but not `steps_per_epoch=100`. */
const STEP =
  /(?<![\p{L}\p{N}_\-/.])(global[_ ]step|step|epoch)["']?\s*[:=]?\s*[[#(]?\s*(\d{1,15}(?:\.\d{1,9})?)/giu;

/** `[12]` at the start of a line: how XGBoost and LightGBM count their rounds. */
const ROUND = /^\[(\d{1,15})\]\s/;

/** Follows how far a training is, line by line. */
export interface StepTracker {
  /** To be called with every line, also those without metrics: an epoch often has a line of its own. */
  observe(line: string): void;
  /** The step of the line last observed: its own, else the epoch last seen, else null. */
  current(): number | null;
}

export function createStepTracker(): StepTracker {
  let lastEpoch: number | null = null;
  let own: number | null = null;
  return {
    observe(line) {
      own = null;
      if (!mayHoldStep(line)) return;
      const steps = stepsOf(line);
      lastEpoch = steps.get('epoch') ?? lastEpoch;
      const name = STEP_NAMES.find((candidate) => steps.has(candidate));
      own = name === undefined ? roundOf(line) : (steps.get(name) ?? null);
    },
    current: () => own ?? lastEpoch,
  };
}

/** A cheap refusal of most lines: `Step`, `Epoch` and `EPOCH` share no more than this. */
function mayHoldStep(line: string): boolean {
  return (
    line.includes('poch') ||
    line.includes('tep') ||
    line.startsWith('[') ||
    line.includes('POCH') ||
    line.includes('TEP')
  );
}

function stepsOf(line: string): Map<StepName, number> {
  const steps = new Map<StepName, number>();
  for (const [, written = '', digits = ''] of line.matchAll(STEP)) {
    const name = STEP_NAMES.find((candidate) => candidate === written.toLowerCase().replace(' ', '_'));
    if (name !== undefined && !steps.has(name)) steps.set(name, Number(digits));
  }
  return steps;
}

function roundOf(line: string): number | null {
  const match = ROUND.exec(line);
  return match ? Number(match[1]) : null;
}
