import { and, asc, eq, gt } from 'drizzle-orm';
import type { Database } from '#db/client.js';
import { members, totpSecrets } from '#db/schema/index.js';
import type { Vault } from '../vault.js';

/** Columns that hold values of the vault and belong to people, whatever their organizations. */
export const vaultColumnsOfPeople: readonly string[] = ['totp_secrets.secret'];

const pageSize = 200;

type Stores = { database: Database; vault: Vault };

/**
 * Seals the second factors of an organization's people anew with the newest key, one transaction a person. One that was
 * written meanwhile is left. `onPage` is called after each 200 people. Returns how many no key opens.
 */
export async function resealPeople(
  stores: Stores,
  orgId: string,
  onPage: () => void,
): Promise<{ unreadable: number }> {
  let unreadable = 0;
  for await (const people of pagesOfPeople(stores.database, orgId)) {
    for (const userId of people) if (!(await resealPerson(stores, userId))) unreadable += 1;
    onPage();
  }
  return { unreadable };
}

/** By which keys the second factors of an organization's people are sealed: id of the person, id of the key. */
export async function sealedOfPeople(database: Database, orgId: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const people of pagesOfPeople(database, orgId)) {
    for (const userId of people) {
      const sealed = await database.withUser(userId, (transaction) =>
        transaction
          .select({ secret: totpSecrets.secret })
          .from(totpSecrets)
          .where(eq(totpSecrets.userId, userId)),
      );
      for (const { secret } of sealed) found.set(userId, keyIdOf(secret));
    }
  }
  return found;
}

/** False where no key opens it. */
async function resealPerson({ database, vault }: Stores, userId: string): Promise<boolean> {
  return database.withUser(userId, async (transaction) => {
    const [row] = await transaction
      .select({ secret: totpSecrets.secret })
      .from(totpSecrets)
      .where(eq(totpSecrets.userId, userId));
    if (!row || keyIdOf(row.secret) === vault.newestKeyId) return true;
    const { secret } = row;
    if (!vault.knows(keyIdOf(secret))) return false;
    await transaction
      .update(totpSecrets)
      .set({ secret: vault.reseal({ userId, rowId: 'totp' }, secret) })
      .where(and(eq(totpSecrets.userId, userId), eq(totpSecrets.secret, secret)));
    return true;
  });
}

async function* pagesOfPeople(database: Database, orgId: string): AsyncGenerator<string[]> {
  for (let after: string | undefined; ; ) {
    const begin: string | undefined = after;
    const rows = await database.withOrg(orgId, (transaction) =>
      transaction
        .select({ userId: members.userId })
        .from(members)
        .where(and(eq(members.orgId, orgId), begin === undefined ? undefined : gt(members.userId, begin)))
        .orderBy(asc(members.userId))
        .limit(pageSize),
    );
    if (rows.length === 0) return;
    const ids: string[] = rows.map(({ userId }) => userId);
    yield ids;
    after = ids.at(-1);
  }
}

function keyIdOf(sealed: string): string {
  return sealed.split(':')[1] ?? '';
}
