import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredDocument } from '../../local/object-store/document.ts';
import { openDatabase } from '../../local/object-store/database.ts';
import { RecentChanges, type RecentLimits } from '../../local/object-store/recent-changes.ts';
import { RevisionLog } from '../../local/object-store/revision-log.ts';

const RESOURCES = ['v1/configmaps', 'v1/secrets'] as const;

/** One write of one of a few objects: it is made, changed, or removed. */
interface Write {
  resource: (typeof RESOURCES)[number];
  name: string;
  remove: boolean;
  text: string;
}

const writes = fc.array(
  fc.record<Write>({
    resource: fc.constantFrom(...RESOURCES),
    name: fc.constantFrom('a', 'b', 'c'),
    remove: fc.boolean(),
    text: fc.string({ maxLength: 50 }),
  }),
  { maxLength: 40 },
);

function document({ name, text }: Write): StoredDocument {
  const metadata = { name, namespace: 'ns', uid: name, resourceVersion: '', creationTimestamp: '' };
  return { apiVersion: 'v1', kind: 'Thing', metadata, data: { text } };
}

/** A history of these writes, of which `limits` says how much is kept in memory. */
function history(all: readonly Write[], limits: RecentLimits): { log: RevisionLog; recent: RecentChanges } {
  const log = new RevisionLog(openDatabase(':memory:'), 10_000);
  const recent = new RecentChanges(log, limits);
  for (const write of all) {
    const { resource, name } = write;
    const previous = log.find({ resource, namespace: 'ns', name });
    const object = {
      ...document(write),
      metadata: { ...document(write).metadata, uid: `${resource} ${name}` },
    };
    if (previous && write.remove) recent.add(log.remove(resource, previous, object));
    else recent.add(log.put(resource, previous, object));
  }
  return { log, recent };
}

type Answer = NonNullable<ReturnType<RecentChanges['after']>>;

function seen(changes: Answer | null): unknown {
  return changes?.map(({ version, removed, namespace, body, isNew, object, previous }) => ({
    ...{ version, removed, namespace, body, isNew },
    ...{ object: object(), previous: previous() },
  }));
}

describe('the newest changes', () => {
  it('are told from memory as the database tells them, and older ones too', () => {
    fc.assert(
      fc.property(
        writes,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 60 }),
        (all, ...sizes) => {
          const [changes, limit] = sizes;
          const { log, recent } = history(all, { changes, length: 1_000_000 });
          for (const resource of RESOURCES)
            for (let version = 1; version <= log.currentVersion(); version++)
              expect(seen(recent.after(resource, version, limit))).toEqual(
                seen(log.changesAfter(resource, version, limit)),
              );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are as many as fit', () => {
    const all = Array.from({ length: 10 }, (_, index): Write => {
      return { resource: 'v1/configmaps', name: 'a', remove: false, text: 'x'.repeat(1_000 * (index + 1)) };
    });
    const { log, recent } = history(all, { changes: 100, length: 20_000 });
    const newest = log.currentVersion();
    expect(newest).toBe(11);
    const asked: number[] = [];
    log.changesAfter = (_, version) => {
      asked.push(version);
      return [];
    };
    for (let version = 1; version <= newest; version++) recent.after('v1/configmaps', version, 10);
    // The two largest alone fill it.
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('are not there where the history does not go back that far', () => {
    const all = Array.from({ length: 600 }, (_, index): Write => {
      return { resource: 'v1/configmaps', name: 'a', remove: false, text: String(index) };
    });
    const log = new RevisionLog(openDatabase(':memory:'), 100);
    const recent = new RecentChanges(log, { changes: 10, length: 1_000_000 });
    for (const write of all) {
      const previous = log.find({ resource: write.resource, namespace: 'ns', name: 'a' });
      recent.add(log.put(write.resource, previous, document(write)));
    }
    expect(recent.after('v1/configmaps', 1, 10)).toBeNull();
    expect(recent.after('v1/configmaps', log.currentVersion() - 20, 100)).toHaveLength(20);
    expect(recent.after('v1/configmaps', log.currentVersion() - 5, 100)).toHaveLength(5);
  });
});
