import { z } from 'zod';
import type { Api } from './api.js';
import { CliError } from './cli-error.js';

/** What the command line reads of an automation. */
export const Automation = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.string(),
  publishedVersion: z.int().nullable(),
  version: z.int(),
  draft: z.unknown(),
  webhookUrl: z.string(),
  inboundAddress: z.string(),
});

export type Automation = z.output<typeof Automation>;

const Page = z.object({ items: z.array(Automation), nextCursor: z.string().nullable() });
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The automation with this id or exactly this name. Throws CliError if there is none, or more than one. */
export async function findAutomation(api: Api, nameOrId: string): Promise<Automation> {
  if (uuid.test(nameOrId)) return api.get(`/v1/automations/${nameOrId}`, Automation);
  const { items } = await api.get(`/v1/automations?limit=2&name=${encodeURIComponent(nameOrId)}`, Page);
  const [found, second] = items;
  if (second) throw new CliError(`There are several automations named "${nameOrId}": use the id of one.`);
  if (!found) throw new CliError(`There is no automation named "${nameOrId}".`);
  return found;
}

/** All automations, by name. */
export async function listAutomations(api: Api): Promise<Automation[]> {
  const found: Automation[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: z.output<typeof Page> = await api.get(`/v1/automations?limit=200&sort=name${after}`, Page);
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}
