import { z } from 'zod';
import type { Api } from './api.js';
import type { Automation } from './automation.js';
import { CliError } from './cli-error.js';

const Trigger = z.object({ type: z.string(), connection: z.uuid().optional() });
const Draft = z.object({ trigger: Trigger });
const Connection = z.object({ hookUrl: z.string().nullable() });

/** The address that starts a published automation from outside; null where there is none, or the key may not see it. */
export async function listeningAt(api: Api, automation: Automation): Promise<string | null> {
  const { type, connection } = Draft.parse(automation.draft).trigger;
  if (type === 'webhook') return automation.webhookUrl;
  if (type === 'email') return automation.inboundAddress;
  if (connection === undefined) return null;
  try {
    return (await api.get(`/v1/connections/${connection}`, Connection)).hookUrl;
  } catch (error) {
    // A key that may publish need not be allowed to look at connections.
    if (error instanceof CliError) return null;
    throw error;
  }
}
