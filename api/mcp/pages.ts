import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

/**
 * One page of things that are sorted by name: those after the name that the cursor holds. Throws ProtocolError
 * (invalid parameters) for a cursor that is none.
 */
export function pageAfter<Item>(
  items: readonly Item[],
  { cursor, size, nameOf }: { cursor: string | undefined; size: number; nameOf: (item: Item) => string },
): { items: Item[]; nextCursor?: string } {
  const after = cursor === undefined ? '' : readCursor(cursor);
  const sorted = [...items].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const left = sorted.filter((item) => nameOf(item) > after);
  const page = left.slice(0, size);
  const last = page.at(-1);
  return left.length > size && last !== undefined
    ? { items: page, nextCursor: cursorOf(nameOf(last)) }
    : { items: page };
}

export function cursorOf(name: string): string {
  return Buffer.from(name).toString('base64url');
}

export function readCursor(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (/^[a-z][a-z0-9_]{0,127}$/.test(name)) return name;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is not one of this list');
}
