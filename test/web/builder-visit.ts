import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { App } from '#app.js';
import type { Caller } from '#runtime/caller.js';

const Row = z.looseObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  publishedVersion: z.int().nullable(),
  draft: z.unknown(),
});
const Graph = z.looseObject({
  nodes: z.array(z.looseObject({ id: z.string(), type: z.string(), input: z.unknown() })),
  edges: z.array(z.object({ source: z.string(), sourceHandle: z.string().optional(), target: z.string() })),
  layout: z.record(z.string(), z.unknown()).default({}),
  settings: z.record(z.string(), z.unknown()).default({}),
});

/** A step that computes values, after what is there. */
export const setStep = (id: string, text = '') => ({
  id,
  type: 'set',
  name: id,
  input: { values: { text } },
});

/** A draft of steps one after another, started by hand. */
export function draftOf(name: string, steps: readonly { id: string }[], more: object = {}) {
  const ids = ['trigger', ...steps.map(({ id }) => id)];
  const edges = steps.map(({ id }, index) => ({ source: ids[index], target: id }));
  return { name, trigger: { type: 'manual' }, nodes: steps, edges, ...more };
}

/** Makes an automation and gives its id. */
export async function makeAutomation(app: App, caller: Caller, draft: { name: string }): Promise<string> {
  const { name } = draft;
  return Row.parse(await app.perform(caller, 'automations.create', { name, draft })).id;
}

/** The automation with its draft, as they are kept. */
export async function savedAutomation(app: App, caller: Caller, id: string) {
  const row = Row.parse(await app.perform(caller, 'automations.get', { id }));
  return { ...row, graph: Graph.parse(row.draft) };
}

/** Opens the builder on an automation. */
export async function openBuilder(page: Page, id: string, name: string, search = ''): Promise<void> {
  await page.goto(`/automations/${id}/edit${search}`);
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

/** Waits until nothing is left to be saved. */
export async function untilSaved(page: Page): Promise<void> {
  await page.getByText('Saved', { exact: true }).waitFor();
}
