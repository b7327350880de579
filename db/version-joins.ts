import { and, eq } from 'drizzle-orm';
import { automationVersions, listeners, runs } from './schema/index.js';

/** Joins a run with the version that it pins. */
export const versionOfRun = and(
  eq(automationVersions.automationId, runs.automationId),
  eq(automationVersions.version, runs.automationVersion),
);

/** Joins a listener with the version that listens. */
export const versionOfListener = and(
  eq(automationVersions.automationId, listeners.automationId),
  eq(automationVersions.version, listeners.version),
);
