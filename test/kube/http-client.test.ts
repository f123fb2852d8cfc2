import { CONFIG_MAPS } from '../../kube/resource.ts';
import { createHttpClient } from '../../kube/http-client.ts';
import { kubeClientContract } from '../contract/kube-client.ts';
import { startTestServer } from '../support/api-server.ts';

const HISTORY_LIMIT = 300;

kubeClientContract({
  name: 'HTTP, in front of the embedded object store',
  async open() {
    const server = await startTestServer({ historyLimit: HISTORY_LIMIT });
    const client = createHttpClient(server.connection);
    return {
      client,
      async close() {
        client.close();
        await server.close();
      },
      async expiredVersion() {
        const { resourceVersion } = await client.list(CONFIG_MAPS);
        // Compaction runs at intervals: twice the limit is more than enough for the first version to go.
        for (let write = 0; write < 2 * HISTORY_LIMIT; write++) {
          await server.client.create(CONFIG_MAPS, {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { namespace: 'aging', generateName: 'write-' },
          });
        }
        return resourceVersion;
      },
    };
  },
});
