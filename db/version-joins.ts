import { and, eq, sql } from 'drizzle-orm';
import { automationVersions, listeners, runs } from './schema/index.js';

/** Joins a run with the version that it pins. */
export const versionOfRun = and(
  eq(automationVersions.automationId, runs.automationId),
  eq(automationVersions.version, runs.automationVersion),
);

/** Joins a listener with the version that listens. In an organization that is deleted none does. */
export const versionOfListener = and(
  eq(automationVersions.automationId, listeners.automationId),
  eq(automationVersions.version, listeners.version),
  sql`NOT EXISTS (SELECT FROM organizations stopped WHERE stopped.id = ${listeners.orgId} AND stopped.erase_at IS NOT NULL)`,
);
