import { expect, it } from 'vitest';
import { lineProgress } from '../../../cli/progress/line-progress.ts';
import { recordingOutput } from '../recording-output.ts';
import { bestTrial, experimentSummary, trialSummary } from '../summaries.ts';

it('prints one line for each finished trial and note, to the talk stream, and nothing else', () => {
  const output = recordingOutput();
  const progress = lineProgress(output);
  const experiment = experimentSummary({ best: bestTrial('exp-0', 0.5) });
  progress.update(experiment, []);
  progress.note('Experiment exp started.');
  progress.trialFinished(experiment, trialSummary({ parameters: [{ name: 'lr', value: '0.5' }] }), 1);
  progress.end();
  expect(output.talk).toEqual([
    'Experiment exp started.',
    '[1/10] exp-0 Succeeded loss=0.5 lr=0.5 | best loss=0.5 (exp-0)',
  ]);
  expect(output.data).toEqual([]);
});
