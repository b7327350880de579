import { isReference, type PackedValue } from '#core/automation/packed-value.js';
import { AppError } from '#core/errors.js';
import { readItems } from './activities.js';

/** The items of a loop, read as they are needed. */
export interface Items {
  total: number;
  get(index: number): Promise<PackedValue>;
  /** The same items for another workflow, from one place up to another: themselves, or where they are. */
  part(from: number, to: number): ItemsPart;
}

/** Items as they travel to another workflow. `offset` is the place of the list's first item in the loop. */
export interface ItemsPart {
  list: PackedValue;
  offset: number;
}

/** Items that one read asks for; a payload holds fewer where they are large. */
const readAhead = 500;

/** Opens a list, or a part of one. Throws `validation` if the value is no list. */
export async function openItems(orgId: string, { list, offset }: ItemsPart): Promise<Items> {
  if (!isReference(list)) {
    const items = list.inline;
    if (!Array.isArray(items)) throw notAList(items);
    return {
      total: offset + items.length,
      get: async (index) => ({ inline: items[index - offset] ?? null }),
      part: (from, to) => ({ list: { inline: items.slice(from - offset, to - offset) }, offset: from }),
    };
  }
  const read = (from: number) => readItems({ orgId, list, from, limit: readAhead });
  // Kept until an item before or behind it is asked for; passes side by side ask for neighbours.
  let chunk = { from: 0, reading: read(0) };
  const { total } = await chunk.reading;
  return {
    total,
    async get(index) {
      for (;;) {
        const { from, reading } = chunk;
        const { items } = await reading;
        const item = items[index - from];
        if (item) return item;
        if (chunk.from === from) chunk = { from: index, reading: read(index) };
      }
    },
    part: () => ({ list, offset: 0 }),
  };
}

function notAList(value: unknown): AppError {
  const message = `input.items: must be a list, but is ${JSON.stringify(value)?.slice(0, 100)}`;
  return new AppError('validation', message, { issues: [{ path: 'input.items', message }] });
}
