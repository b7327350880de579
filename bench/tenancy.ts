import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { type App, createApp } from '#app.js';
import { tasks } from '#db/schema/index.js';
import { gatesBeforeInput, pass } from '#runtime/authorize.js';
import type { Caller } from '#runtime/caller.js';
import { resolveActor } from '#runtime/resolve-actor.js';
import type { Stack } from '#stack/stack.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import { openOwner } from '#test/owner.js';
import { configurationFor } from '#test/system.js';
import { summarize, timed } from './statistics.js';

export interface TenancyResult {
  /** Looking up a row, in turn (p50): by one statement, in a tenant's transaction with its permission, by the door. */
  bareP50Ms: number;
  checkedP50Ms: number;
  performP50Ms: number;
  lists: ListResult[];
  plans: { name: string; indexes: string[]; isLedByOrganization: boolean }[];
}

export interface ListResult {
  name: string;
  /** Of 1,000 and of 1,000,000 rows. */
  smallP95Ms: number;
  largeP95Ms: number;
}

const [smallSize, largeSize] = [1_000, 1_000_000];
const projectsOfEach = 20;
const samples = 400;
const warmUp = 100;

interface Tenant {
  orgId: string;
  caller: Extract<Caller, { kind: 'user' }>;
  projectId: string;
  taskId: string;
}

const Row = z.object({ id: z.uuid() });
const Page = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() });

/**
 * What isolation costs: the door against a bare look-up by key, and a page of 50 in an organization of 1,000,000 tasks
 * against one of 1,000 in the same table; and which indexes its plans use.
 */
export async function measureTenancy(app: App, stack: Stack): Promise<TenancyResult> {
  const small = await fill(app, stack, smallSize);
  const large = await fill(app, stack, largeSize);
  const owner = openOwner(stack);
  await owner`VACUUM ANALYZE tasks`;
  const plans: TenancyResult['plans'] = [];
  const lists: ListResult[] = [];
  for (const [name, inputOf] of Object.entries(await listsOf(app))) {
    const inputs = { small: await inputOf(small), large: await inputOf(large) };
    const ask =
      ({ caller }: Tenant, input: object) =>
      () =>
        app.perform(caller, 'tasks.list', input);
    const [smallMs = [], largeMs = []] = await inTurn(ask(small, inputs.small), ask(large, inputs.large));
    const p95 = (values: number[]) => summarize(values).p95;
    lists.push({ name, smallP95Ms: p95(smallMs), largeP95Ms: p95(largeMs) });
    const plan = await scannedIndexes(stack, (other) =>
      other.perform(large.caller, 'tasks.list', inputs.large),
    );
    plans.push({ name, ...plan });
  }
  return { ...(await measureDoor(app, stack, large)), lists, plans };
}

async function measureDoor(app: App, stack: Stack, { caller, taskId }: Tenant) {
  const owner = openOwner(stack);
  const action = app.services.catalogue.action('tasks.get');
  const [bareMs, checkedMs, performMs] = await inTurn(
    () => owner`SELECT * FROM tasks WHERE org_id = ${caller.orgId} AND id = ${taskId}`,
    () =>
      app.services.database.withOrg(caller.orgId, async (transaction) => {
        pass(gatesBeforeInput, await resolveActor(transaction, caller), action);
        return transaction.select().from(tasks).where(eq(tasks.id, taskId));
      }),
    () => app.perform(caller, 'tasks.get', { id: taskId }),
  );
  const p50 = (samples: number[] | undefined) => summarize(samples ?? []).p50;
  return { bareP50Ms: p50(bareMs), checkedP50Ms: p50(checkedMs), performP50Ms: p50(performMs) };
}

/** The lists that are measured: what a tenant asks for of its tasks. */
async function listsOf(app: App): Promise<Record<string, (tenant: Tenant) => Promise<object>>> {
  const deepCursor = async ({ caller }: Tenant) => {
    let cursor: string | null = null;
    for (let page = 0; page < 4; page += 1) {
      const input: object = cursor === null ? { limit: 200 } : { limit: 200, cursor };
      cursor = Page.parse(await app.perform(caller, 'tasks.list', input)).nextCursor;
    }
    return cursor === null ? {} : { cursor };
  };
  return {
    'the newest': async () => ({}),
    'the page after 800': deepCursor,
    'a column of a board': async ({ projectId }) => ({ projectId, status: 'todo', sort: 'rank' }),
  };
}

async function fill(app: App, stack: Stack, size: number): Promise<Tenant> {
  const { orgId, caller } = await buildOrganization(app, { name: `${size} tasks` });
  const owner = openOwner(stack);
  const projects = await owner<{ id: string }[]>`
    INSERT INTO projects (org_id, name) SELECT ${orgId}, 'Project ' || n FROM generate_series(1, ${projectsOfEach}) AS n
    RETURNING id`;
  const ids = projects.map(({ id }) => id);
  await owner`
    INSERT INTO tasks (org_id, project_id, title, status, rank, created_at)
    SELECT ${orgId}, (${ids}::uuid[])[1 + n % ${projectsOfEach}], 'Task ' || n,
      (ARRAY['todo', 'in_progress', 'in_review', 'done', 'cancelled'])[1 + (n / ${projectsOfEach}) % 5],
      'a' || lpad(n::text, 8, '0'), now() - make_interval(secs => n)
    FROM generate_series(1, ${size}) AS n`;
  const [task] = await owner`SELECT id FROM tasks WHERE org_id = ${orgId} ORDER BY created_at LIMIT 1`;
  return { orgId, caller, projectId: Row.parse(projects[0]).id, taskId: Row.parse(task).id };
}

/** Milliseconds of several kinds of work that take turns, after a warm-up. */
async function inTurn(...kinds: (() => Promise<unknown>)[]): Promise<number[][]> {
  const taken: number[][] = kinds.map(() => []);
  for (let index = 0; index < warmUp + samples; index += 1) {
    for (const [kind, work] of kinds.entries()) {
      const passed = await timed(work);
      if (index >= warmUp) taken[kind]?.push(passed);
    }
  }
  return taken;
}

/**
 * The indexes that the application's own statements scan in a table, as the server logs their plans, under row-level
 * security; and whether each begins with org_id. A table that is read as a whole stands there by its own name.
 */
async function scannedIndexes(stack: Stack, ask: (app: App) => Promise<unknown>) {
  const owner = openOwner(stack);
  await owner`ALTER ROLE worksynapse_app SET session_preload_libraries = 'auto_explain'`;
  await owner`ALTER ROLE worksynapse_app SET auto_explain.log_min_duration = 0`;
  const app = await createApp(configurationFor(stack), 'plans');
  const file = join(stack.home, 'logs', 'postgres.log');
  const before = readFileSync(file, 'utf8').length;
  await ask(app);
  await app.close();
  await owner`ALTER ROLE worksynapse_app RESET session_preload_libraries`;
  await owner`ALTER ROLE worksynapse_app RESET auto_explain.log_min_duration`;
  const log = readFileSync(file, 'utf8').slice(before);
  const plan = log.split('duration:').find((part) => part.includes('from "tasks"')) ?? '';
  const scans = [...plan.matchAll(/Scan (?:Backward )?(?:using|on) (\w+)/g)].map(([, name = '']) => name);
  const indexes = [...new Set(scans)].filter((name) => !isTableOfBitmap(plan, name));
  const led = await owner<{ name: string }[]>`
    SELECT i.indexrelid::regclass::text AS name FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE a.attname = 'org_id' AND i.indexrelid::regclass::text = ANY(${indexes}::text[])`;
  return { indexes, isLedByOrganization: indexes.length > 0 && led.length === indexes.length };
}

/** A bitmap scan of an index is followed by one of its table, which reads the rows that were found only. */
function isTableOfBitmap(plan: string, name: string): boolean {
  return plan.includes(`Bitmap Heap Scan on ${name}`) && !plan.includes(`Seq Scan on ${name}`);
}
