import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { projectRoot } from '#runtime/project-root.js';

const Queue = z.object({
  kind: z.string(),
  waiting: z.int().describe('Entries, those that are put off included'),
  due: z.int(),
  lagSeconds: z.number().nullable().describe('Age of the oldest that is due'),
});

const Counts = z.object({
  organizations: z.int(),
  suspended: z.int(),
  queue: z.array(Queue).describe('What dispatchers still have to look at; `event` is the outbox'),
  runs: z
    .object({
      queued: z.int().default(0),
      running: z.int().default(0),
      waiting: z.int().default(0),
    })
    .describe('Runs that have not ended'),
  unsealed: z.int().describe('Audit entries since the newest seal'),
  oldestUnsealed: z.iso.datetime().nullable(),
  lastSealedAt: z.iso.datetime().nullable(),
});

const Health = Counts.extend({
  workersSeenAt: z.iso
    .datetime()
    .nullable()
    .describe('When a worker last asked for work; null: none did of late'),
  isEngineThere: z.boolean(),
  versions: z.object({ worksynapse: z.string(), node: z.string(), postgresql: z.string() }),
});

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));

/** How the whole installation does, in counts and ages over all organizations. */
export const platformHealth = defineAction({
  name: 'platform.health',
  title: 'Show system health',
  description: 'Queues, runs that wait, lag of the outbox, audit seals, workers and versions.',
  permission: 'platform:read',
  effect: 'read',
  http: { method: 'get', path: '/platform/health' },
  input: z.strictObject({}),
  output: Health,
  async run({ db, services }: DomainContext) {
    const [row] = await db.execute<Record<string, unknown>>(sql`
      SELECT organizations, suspended, queue, runs, unsealed, oldest_unsealed AS "oldestUnsealed",
        last_sealed_at AS "lastSealedAt", current_setting('server_version') AS postgresql
      FROM platform_health()`);
    const { postgresql, ...counts } = Counts.extend({ postgresql: z.string() }).parse(row);
    const seen = await services.engine.workersSeenAt().then(
      (at) => ({ isEngineThere: true, workersSeenAt: at?.toISOString() ?? null }),
      () => ({ isEngineThere: false, workersSeenAt: null }),
    );
    return {
      ...counts,
      ...seen,
      versions: { worksynapse: version, node: process.versions.node, postgresql },
    };
  },
});
