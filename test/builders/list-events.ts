import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { events } from '#db/schema/index.js';
import type { BuilderApp } from './builder-app.js';

const Payload = z.looseObject({ id: z.string() });

/** The events of an organization that concern the row with this id, oldest first. */
export async function listEvents(app: BuilderApp, orgId: string, id: string) {
  return (await listAll(app, orgId)).filter(({ payload }) => payload.id === id);
}

/** The events of a type, oldest first. */
export async function listEventsOf(app: BuilderApp, orgId: string, wanted: string) {
  return (await listAll(app, orgId)).filter(({ type }) => type === wanted);
}

async function listAll(app: BuilderApp, orgId: string) {
  const rows = await app.services.database.withOrg(orgId, (transaction) =>
    transaction.select().from(events).where(eq(events.orgId, orgId)).orderBy(asc(events.id)),
  );
  return rows.map(({ type, payload }) => ({ type, payload: Payload.parse(payload) }));
}
