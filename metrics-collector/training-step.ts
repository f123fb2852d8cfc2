import { continuesToTheLeft } from './name-boundary.ts';

/** The names under which trainings say how far they are, the most precise first. */
export const STEP_NAMES = ['global_step', 'step', 'epoch'] as const;
type StepName = (typeof STEP_NAMES)[number];

/** `step=12`, `Epoch 3/10`, `[Epoch 3]`, `'epoch': 1.5`, `Epoch [3/10]`, but not `steps_per_epoch=100`. */
const STEP = /(global[_ ]step|step|epoch)["']?\s*[:=]?\s*[[#(]?\s*(\d{1,15}(?:\.\d{1,9})?)/gi;

/** What a line must hold to change the epoch of later lines, as a part of an expression. */
export const EPOCH_WORD = '[Ee][Pp][Oo][Cc][Hh]';
const MAY_HOLD_STEP = new RegExp(`${EPOCH_WORD}|[Ss][Tt][Ee][Pp]`);

/** `[12]` at the start of a line: how XGBoost and LightGBM count their rounds. */
const ROUND = /^\[(\d{1,15})\]\s/;

/** Follows how far a training is, line by line. */
export interface StepTracker {
  /** To be called with every line, also those without metrics: an epoch often has a line of its own. */
  observe(line: string): void;
  /** The step of the line last observed: its own, the most precise, else the epoch last seen, else null. */
  current(): number | null;
}

export function createStepTracker(): StepTracker {
  const found: Record<StepName, number | null> = { global_step: null, step: null, epoch: null };
  let lastEpoch: number | null = null;
  let own: number | null = null;
  return {
    observe(line) {
      if (!MAY_HOLD_STEP.test(line)) {
        own = roundOf(line);
        return;
      }
      findSteps(line, found);
      lastEpoch = found.epoch ?? lastEpoch;
      own = found.global_step ?? found.step ?? found.epoch ?? roundOf(line);
    },
    current: () => own ?? lastEpoch,
  };
}

/** The first number of each name goes into `into`; null where there is none. */
function findSteps(line: string, into: Record<StepName, number | null>): void {
  into.global_step = into.step = into.epoch = null;
  STEP.lastIndex = 0;
  for (let match = STEP.exec(line); match; match = STEP.exec(line)) {
    if (isOtherName(line, match.index)) STEP.lastIndex = match.index + 1;
    else into[nameOf(match[1] ?? '')] ??= Number(match[2]);
  }
}

/** `steps_per_epoch`, also with a point: `trainer.step`. */
function isOtherName(line: string, at: number): boolean {
  return line[at - 1] === '.' || continuesToTheLeft(line, at);
}

function nameOf(written: string): StepName {
  if (written.length > STEP_NAMES[2].length) return 'global_step';
  return written.length === STEP_NAMES[2].length ? 'epoch' : 'step';
}

function roundOf(line: string): number | null {
  const match = line.startsWith('[') ? ROUND.exec(line) : null;
  return match ? Number(match[1]) : null;
}
