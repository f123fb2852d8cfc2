import { CHECKPOINT_DIRECTORY_SETTING } from '../core/checkpoints.ts';
import type { SettingSpec } from './search-algorithm.ts';

/** Of algorithms whose trials go on from others: the controllers do what it asks for. */
export const CHECKPOINT_DIRECTORY: SettingSpec = {
  name: CHECKPOINT_DIRECTORY_SETTING,
  description:
    'Where the training finds its checkpoint directory, an absolute path: a copy of that of the trial it goes on from.',
  defaultValue: null,
  check: (text) =>
    text.startsWith('/') && text !== '/' ? undefined : 'It must be an absolute path other than /.',
};
