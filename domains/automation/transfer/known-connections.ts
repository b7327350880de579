import { isNull } from 'drizzle-orm';
import type { ConnectionReference } from '#core/automation-document/automation-document.js';
import type { Transaction } from '#db/client.js';
import { connections } from '#db/schema/index.js';

export interface KnownConnection extends ConnectionReference {
  id: string;
}

/** The organization's connections, as far as documents name them. Deleted ones too, where asked. */
export function listConnections(db: Transaction, which: 'present' | 'all'): Promise<KnownConnection[]> {
  return db
    .select({ id: connections.id, connector: connections.connector, name: connections.name })
    .from(connections)
    .where(which === 'present' ? isNull(connections.deletedAt) : undefined);
}

/** The one connection of that app and name; else a sentence that says why there is none. */
export function findConnection(
  known: readonly KnownConnection[],
  { connector, name }: ConnectionReference,
): { id: string } | { problem: string } {
  const ofConnector = known.filter((entry) => entry.connector === connector);
  const [found, second] = ofConnector.filter((entry) => entry.name === name);
  if (second) return { problem: `there are several connections of ${connector} named "${name}"` };
  if (found) return { id: found.id };
  const names = ofConnector.map((entry) => `"${entry.name}"`).slice(0, 10);
  const others = names.length > 0 ? `; there is ${names.join(', ')}` : '';
  return { problem: `there is no connection of ${connector} named "${name}"${others}` };
}
