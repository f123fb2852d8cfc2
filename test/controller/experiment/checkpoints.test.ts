import { describe, expect, it } from 'vitest';
import { checkpointClaimManifest } from '../../../controller/experiment/checkpoint-claim.ts';
import { trialManifest } from '../../../controller/experiment/trial-manifest.ts';
import { readCheckpoints } from '../../../core/checkpoints.ts';
import { experiment, JOB_TEMPLATE } from '../../support/experiment-objects.ts';

const algorithm = {
  algorithmName: 'pbt',
  algorithmSettings: [{ name: 'suggestion_trial_dir', value: '/checkpoints' }],
};
const assignment = { name: 'exp-0', parameterAssignments: [{ name: 'x', value: '1' }] };

describe('checkpoint directories', () => {
  it('are in a claim with the name that Katib gives it, which goes with the experiment', () => {
    expect(checkpointClaimManifest(experiment({ algorithm }))).toMatchObject({
      metadata: {
        name: 'exp-pbt',
        namespace: 'default',
        ownerReferences: [{ kind: 'Experiment', name: 'exp' }],
      },
      spec: { accessModes: ['ReadWriteMany'] },
    });
    expect(checkpointClaimManifest(experiment())).toBeUndefined();
  });

  it('are told to each trial', () => {
    const { annotations } = trialManifest(experiment({ algorithm }), JOB_TEMPLATE, assignment).metadata;
    expect(readCheckpoints(annotations)).toEqual({ directory: '/checkpoints', claim: 'exp-pbt' });
  });

  it('are not told where the algorithm asks for none', () =>
    expect(trialManifest(experiment(), JOB_TEMPLATE, assignment).metadata).not.toHaveProperty('annotations'));

  it('come with the labels of the search', () => {
    const labels = { 'pbt.suggestion.katib.kubeflow.org/parent': 'exp-3' };
    const trial = trialManifest(experiment({ algorithm }), JOB_TEMPLATE, { ...assignment, labels });
    expect(trial.metadata.labels).toMatchObject(labels);
  });
});
