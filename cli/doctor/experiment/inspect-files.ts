import { existsSync } from 'node:fs';
import { KatydidError } from '../../../core/errors.ts';
import { withDefaults } from '../../../core/defaults.ts';
import type { CompanionObject } from '../../../experiments/companion-object.ts';
import { previewExperiment } from '../../../experiments/preview.ts';
import { EMPTY_IMAGE_MAP, type ImageMap } from '../../../local/kubelet/image-map.ts';
import { loadExperimentFiles, type LoadedExperiment } from '../../manifest/experiment-files.ts';
import { imageMapOf } from '../../run/image-maps.ts';
import type { DoctorContext } from '../context.ts';
import type { Inspection, RehearsedTrial } from './inspection.ts';
import { withKnownObjects } from './known-objects.ts';
import { podsOfJob } from './pods-of-job.ts';
import { rehearsePods, type Rehearsal } from './rehearse-pods.ts';

/** `config` as the option of `run`. */
export async function inspectFiles(
  files: readonly string[],
  config: string | undefined,
  context: DoctorContext,
): Promise<Inspection> {
  const { experiments, others, issues } = loadExperimentFiles(files);
  const { imageMap, configError } = readConfig(files, config);
  if (issues.length > 0) return { files, issues, configError, trials: [] };
  const stored = existsSync(context.directory.objects) ? context.directory.objects : null;
  const trials = await withKnownObjects(others, stored, async (objects) => {
    const rehearsal = { ...context, imageMap, objects };
    const all: RehearsedTrial[] = [];
    for (const loaded of experiments) all.push(await rehearseTrial(loaded, others, rehearsal));
    return all;
  });
  return { files, issues, configError, trials };
}

function readConfig(
  files: readonly string[],
  config: string | undefined,
): { imageMap: ImageMap; configError: KatydidError | null } {
  try {
    return { imageMap: imageMapOf(files, config), configError: null };
  } catch (error) {
    if (!(error instanceof KatydidError)) throw error;
    return { imageMap: EMPTY_IMAGE_MAP, configError: error };
  }
}

async function rehearseTrial(
  { experiment: written }: LoadedExperiment,
  others: readonly CompanionObject[],
  rehearsal: Rehearsal,
): Promise<RehearsedTrial> {
  const experiment = withDefaults(written);
  const name = experiment.metadata.name ?? experiment.metadata.generateName ?? '';
  const known = { experiment: name, parallel: experiment.spec.parallelTrialCount ?? 1 };
  try {
    const { firstTrial } = await previewExperiment(experiment, others, 1);
    const pods = firstTrial ? await rehearsePods(podsOfJob(firstTrial), rehearsal) : [];
    return { ...known, pods, error: null };
  } catch (error) {
    if (!(error instanceof KatydidError)) throw error;
    return { ...known, pods: [], error };
  }
}
