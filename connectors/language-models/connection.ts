import { z } from 'zod';
import type { ConnectorContext } from '#core/connector.js';

const address = z.url({ protocol: /^https?$/ });

const apiKey = z.string().trim().min(1).max(1_000);

const common = {
  /** Calls of the organization that may be out to the provider at a time. */
  maxConcurrentCalls: z
    .int()
    .min(1)
    .max(1_000)
    .default(16)
    .describe('Calls that may be out at a time; more wait'),
};

/** Settings of a connection to a provider with a known address. */
export function configAt(baseUrl: string) {
  return z.object({ baseUrl: address.default(baseUrl).describe('Of the API'), ...common });
}

/** Settings of a connection to a server that speaks OpenAI's protocol. */
export const CompatibleConfig = z.object({
  baseUrl: address.describe('Of the API, such as http://localhost:11434/v1'),
  ...common,
});

export const KeySecret = z.object({ apiKey });

/** Servers of one's own often ask for none. */
export const OptionalKeySecret = z.object({ apiKey: apiKey.optional() });

/** What both dialects need of a connection. */
export type ModelContext = ConnectorContext<{ baseUrl: string }, { apiKey?: string | undefined } | undefined>;
