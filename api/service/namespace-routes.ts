import { z } from 'zod';
import { EXPERIMENTS, NAMESPACES } from '../../kube/resource.ts';
import { compareText } from '../../experiments/query/text-order.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';

export function namespaceRoutes({ client }: RestOptions): Route[] {
  return [
    {
      method: 'get',
      path: '/namespaces',
      operationId: 'listNamespaces',
      tag: 'namespaces',
      summary: 'Namespaces that exist or hold experiments',
      responses: {
        200: {
          description: 'Their names, in alphabetical order.',
          schema: z
            .strictObject({ items: z.array(z.strictObject({ name: z.string() })) })
            .meta({ id: 'NamespaceList' }),
        },
      },
      async handle() {
        const [declared, experiments] = await Promise.all([
          client.list(NAMESPACES),
          client.list(EXPERIMENTS),
        ]);
        const names = new Set(declared.items.map(({ metadata }) => metadata.name));
        for (const { metadata } of experiments.items) names.add(metadata.namespace ?? '');
        const items = [...names].sort(compareText).map((name) => ({ name }));
        return { status: 200, body: { items } };
      },
    },
  ];
}
