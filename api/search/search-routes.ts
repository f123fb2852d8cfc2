import { z } from 'zod';
import { EARLY_STOPPERS } from '../../algorithms/early-stopping/registry.ts';
import { SEARCH_ALGORITHMS } from '../../algorithms/registry.ts';
import type { SettingSpec } from '../../algorithms/search-algorithm.ts';
import { isApiError } from '../../kube/api-error.ts';
import { SUGGESTIONS } from '../../kube/resource.ts';
import { experimentRef, findExperiment } from '../find-object.ts';
import { Problem } from '../problem/problem.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import { versionTag } from '../router/entity-tag.ts';
import { suggestionSchema, suggestionView } from './suggestion-view.ts';

const tag = 'search';

/** How experiments are searched. */
export function searchRoutes(options: RestOptions): Route[] {
  return [suggestion(options), algorithms(), earlyStoppers()];
}

function suggestion({ client }: RestOptions): Route {
  return {
    method: 'get',
    path: '/namespaces/{namespace}/experiments/{experiment}/suggestion',
    operationId: 'getSuggestion',
    tag,
    summary: 'What the search has suggested for an experiment',
    responses: { 200: { description: 'The state of the search.', schema: suggestionSchema } },
    async handle({ params }) {
      try {
        const found = await client.get(SUGGESTIONS, experimentRef(params));
        const headers = { etag: versionTag(found.metadata.resourceVersion) };
        return { status: 200, body: suggestionView(found), headers };
      } catch (error) {
        if (!isApiError(error, 'NotFound')) throw error;
        await findExperiment(client, params);
        const hint = 'It begins with the first trial; try again in a moment.';
        throw new Problem('REST_NOT_FOUND', 'The search of this experiment has not begun yet.', { hint });
      }
    },
  };
}

const algorithmSchema = z
  .strictObject({
    name: z.string(),
    summary: z.string(),
    settings: z.array(
      z.strictObject({ name: z.string(), description: z.string(), defaultValue: z.string().nullable() }),
    ),
  })
  .meta({ id: 'Algorithm' });

interface Described {
  readonly name: string;
  readonly summary: string;
  readonly settings: readonly SettingSpec[];
}

function listed({ name, summary, settings }: Described): z.infer<typeof algorithmSchema> {
  return {
    name,
    summary,
    settings: settings.map(({ name: setting, description, defaultValue }) => ({
      name: setting,
      description,
      defaultValue,
    })),
  };
}

function algorithms(): Route {
  const items = SEARCH_ALGORITHMS.map(listed);
  return {
    method: 'get',
    path: '/algorithms',
    operationId: 'listAlgorithms',
    tag,
    summary: 'The search algorithms and their settings',
    responses: {
      200: {
        description: 'All of them.',
        schema: z.strictObject({ items: z.array(algorithmSchema) }).meta({ id: 'AlgorithmList' }),
      },
    },
    handle: () => Promise.resolve({ status: 200, body: { items } }),
  };
}

function earlyStoppers(): Route {
  const items = EARLY_STOPPERS.map(listed);
  return {
    method: 'get',
    path: '/early-stoppers',
    operationId: 'listEarlyStoppers',
    tag,
    summary: 'The early stoppers and their settings',
    responses: {
      200: {
        description: 'All of them.',
        schema: z.strictObject({ items: z.array(algorithmSchema) }).meta({ id: 'EarlyStopperList' }),
      },
    },
    handle: () => Promise.resolve({ status: 200, body: { items } }),
  };
}
