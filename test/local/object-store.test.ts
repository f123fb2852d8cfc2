import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { CONFIG_MAPS } from '../../kube/resource.ts';
import { openObjectStore } from '../../local/object-store/object-store.ts';
import { kubeClientContract } from '../contract/kube-client.ts';

const HISTORY_LIMIT = 300;

kubeClientContract({
  name: 'the embedded object store',
  open() {
    const store = openObjectStore({
      path: ':memory:',
      clock: systemClock,
      logger: silentLogger,
      historyLimit: HISTORY_LIMIT,
    });
    return Promise.resolve({
      client: store.client,
      close: () => {
        store.close();
        return Promise.resolve();
      },
      async expiredVersion() {
        const { resourceVersion } = await store.client.list(CONFIG_MAPS);
        // Compaction runs at intervals: twice the limit is more than enough for the first version to go.
        for (let write = 0; write < 2 * HISTORY_LIMIT; write++) {
          await store.client.create(CONFIG_MAPS, {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { namespace: 'aging', generateName: 'write-' },
          });
        }
        return resourceVersion;
      },
    });
  },
});
