import {
  DEFAULT_IMPORTANCE_SETTINGS,
  type ImportanceEvaluator,
  type ImportanceSettings,
} from '../../algorithms/importance/importance.ts';

/** What is to be evaluated, and how. */
export interface ImportanceRequest {
  readonly evaluator: ImportanceEvaluator;
  readonly settings: ImportanceSettings;
}

/** Why a request cannot be carried out. */
export interface ImportanceRefusal {
  readonly setting: keyof ImportanceSettings;
  readonly message: string;
  readonly remedy: string;
}

/** The request with its defaults, or why there is none. What is given lies above 0 and is no greater than 1. */
export function importanceRequest(
  evaluator: ImportanceEvaluator,
  given: { readonly [setting in keyof ImportanceSettings]?: number | undefined },
): ImportanceRequest | { refusal: ImportanceRefusal } {
  const stranger = (['target', 'region'] as const).find(
    (setting) => given[setting] !== undefined && !evaluator.settings.includes(setting),
  );
  if (stranger !== undefined) {
    const message = `${evaluator.name} looks at all trials alike: it has no ${stranger}.`;
    return { refusal: { setting: stranger, message, remedy: 'Leave it out, or ask pedanova.' } };
  }
  const target = given.target ?? DEFAULT_IMPORTANCE_SETTINGS.target;
  const region = given.region ?? DEFAULT_IMPORTANCE_SETTINGS.region;
  if (target < region) return { evaluator, settings: { target, region } };
  const message = `The target ${target} is not below the region ${region}.`;
  const remedy =
    'The target is the part of the trials that counts as good, the region a greater part with which it is compared.';
  return { refusal: { setting: 'target', message, remedy } };
}
