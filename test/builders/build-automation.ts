import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import type { BuilderApp } from './builder-app.js';

const Automation = z.object({ id: z.uuid(), webhookUrl: z.string(), inboundAddress: z.string() });
const WithSteps = z.object({
  id: z.uuid(),
  status: z.string(),
  error: z.object({ code: z.string(), message: z.string(), node: z.string().optional() }).nullable(),
  result: z.unknown(),
  answer: z.unknown(),
  trigger: z.unknown(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  steps: z.array(
    z.object({
      nodeId: z.string(),
      type: z.string(),
      status: z.string(),
      attempts: z.number(),
      pinned: z.boolean(),
      startedAt: z.string().nullable(),
      finishedAt: z.string().nullable(),
      input: z.unknown(),
      output: z
        .union([z.object({ inline: z.unknown() }), z.object({ ref: z.string(), size: z.number() })])
        .nullable(),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  ),
});

export type ShownRun = z.output<typeof WithSteps>;

/** An automation that is published and listens. */
export async function buildAutomation(app: BuilderApp, caller: Caller, definition: object) {
  const created = await app.perform(caller, 'automations.create', { name: 'Test', draft: definition });
  const { id } = Automation.parse(created);
  return Automation.parse(await app.perform(caller, 'automations.publish', { id }));
}

/** A definition whose nodes follow each other, with the edges drawn. */
export function chain(
  trigger: object,
  nodes: readonly ({ id: string } & Record<string, unknown>)[],
  more: object = {},
) {
  const ids = ['trigger', ...nodes.map((node) => node.id)];
  const edges = nodes.map((node, index) => ({ source: ids[index], target: node.id }));
  return { name: 'Test', trigger, nodes, edges, ...more };
}

/** The key at the end of an automation's webhook address. */
export function hookKeyOf(webhookUrl: string): string {
  return webhookUrl.split('/').at(-1) ?? '';
}

/** One run with its steps. */
export async function getRun(app: BuilderApp, caller: Caller, id: string): Promise<ShownRun> {
  return WithSteps.parse(await app.perform(caller, 'runs.get', { id }));
}

/** Ids of an automation's runs, newest first. */
export async function listRunIds(app: BuilderApp, caller: Caller, automationId: string): Promise<string[]> {
  const Page = z.object({ items: z.array(z.object({ id: z.uuid() })) });
  const page = Page.parse(await app.perform(caller, 'runs.list', { automationId, limit: 200 }));
  return page.items.map(({ id }) => id);
}
