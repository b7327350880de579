import { jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import { AppError } from '#core/errors.js';
import { packValue, unpackValue } from '#runtime/packing.js';
import type { Services } from '#runtime/services.js';
import type { AutomationActivities } from './automation-activities.js';
import { toFailure } from './failure.js';
import { createListCache } from './list-cache.js';

type ListActivities = Pick<AutomationActivities, 'readItems' | 'joinValues' | 'composeLoopOutput'>;

/** What loops need of lists that are too large for the workflow. */
export function createListActivities({ files }: Pick<Services, 'files'>): ListActivities {
  const cache = createListCache();

  async function listOf(orgId: string, packed: PackedValue): Promise<readonly unknown[]> {
    const value = await cache.get(orgId, packed, () => unpackValue(files(orgId).withoutQuota, packed));
    if (Array.isArray(value)) return value;
    throw toFailure(new AppError('validation', 'input.items: must be a list'), true);
  }

  async function itemsOf(orgId: string, lists: readonly PackedValue[]): Promise<unknown[]> {
    return (await Promise.all(lists.map((packed) => listOf(orgId, packed)))).flat();
  }

  return {
    async readItems({ orgId, list, from, limit }) {
      const all = await listOf(orgId, list);
      const items: PackedValue[] = [];
      let size = 0;
      for (const item of all.slice(from, from + limit)) {
        const packed = await packValue(files(orgId).withoutQuota, item);
        size += jsonSize(packed);
        if (items.length > 0 && size > maxInlineSize) break;
        items.push(packed);
      }
      return { items, total: all.length };
    },
    async joinValues({ orgId, values, areLists = false, isPart = false }) {
      const list = areLists
        ? await itemsOf(orgId, values)
        : await Promise.all(values.map((packed) => unpackValue(files(orgId).withoutQuota, packed)));
      return packValue(files(orgId).withoutQuota, list, isPart ? 0 : maxInlineSize);
    },
    async composeLoopOutput({ orgId, results, errors, ...counts }) {
      const output = {
        ...counts,
        results: results && (await itemsOf(orgId, results)),
        errors: await itemsOf(orgId, errors),
      };
      return packValue(files(orgId).withoutQuota, output);
    },
  };
}
