import { createHash } from 'node:crypto';
import type { Experiment, StoredExperiment } from '../../core/experiment.ts';
import { OWN_ANNOTATION_PREFIX } from '../../core/labels.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { keyReused } from '../router/answer-store.ts';

/** Annotation of an experiment: with which `Idempotency-Key` it was created, and from what. */
const KEY_ANNOTATION = `${OWN_ANNOTATION_PREFIX}idempotency-key`;

const GENERATED_LENGTH = 5;

export interface Created {
  readonly experiment: StoredExperiment;
  /** An earlier request with the same key has created it. */
  readonly isReplayed: boolean;
}

/**
 * Creates the experiment. With a key it is created once: the key is written down at the experiment itself, so that it is
 * known as long as the experiment is, whatever becomes of the server. @throws ApiError, Problem
 */
export async function createExperiment(
  client: KubeClient,
  experiment: Experiment,
  key: string | undefined,
): Promise<Created> {
  if (key === undefined)
    return { experiment: await client.create(EXPERIMENTS, experiment), isReplayed: false };
  const marked = withKey(experiment, key);
  try {
    return { experiment: await client.create(EXPERIMENTS, marked), isReplayed: false };
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
    const { namespace, name = '' } = marked.metadata;
    return {
      experiment: checkSame(await client.get(EXPERIMENTS, { namespace, name }), marked, error),
      isReplayed: true,
    };
  }
}

/** A generated name follows from the key, so that the same request meets its own experiment again. */
function withKey(experiment: Experiment, key: string): Experiment {
  const { metadata, spec } = experiment;
  const keyHash = digest(key);
  const name = metadata.name || `${metadata.generateName ?? ''}${nameSuffix(key)}`;
  const mark = `${keyHash}.${digest(JSON.stringify([metadata, spec]))}`;
  return {
    ...experiment,
    metadata: { ...metadata, name, annotations: { ...metadata.annotations, [KEY_ANNOTATION]: mark } },
  };
}

function checkSame(stored: StoredExperiment, wanted: Experiment, exists: unknown): StoredExperiment {
  const mark = stored.metadata.annotations?.[KEY_ANNOTATION];
  const wantedMark = wanted.metadata.annotations?.[KEY_ANNOTATION] ?? '';
  if (mark === wantedMark) return stored;
  if (mark?.split('.')[0] === wantedMark.split('.')[0]) throw keyReused();
  throw exists;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function nameSuffix(key: string): string {
  const number = createHash('sha256').update(key).digest().readUIntBE(0, 6);
  return number.toString(36).padStart(GENERATED_LENGTH, '0').slice(-GENERATED_LENGTH);
}
