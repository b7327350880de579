import { and } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { apiKeys } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { ApiKey, apiKeyFields } from './api-key.js';
import { visibleApiKeys } from './visible-api-keys.js';

const sorts = { createdAt: byColumn(apiKeys.createdAt), name: byColumn(apiKeys.name) };

/** A page of API keys: the caller's own, or the organization's for who administers its members. */
export const listApiKeys = defineAction({
  name: 'api_keys.list',
  title: 'List API keys',
  description: 'Lists your API keys, or those of the organization if you administer its members.',
  permission: 'api_keys:read',
  effect: 'read',
  http: { method: 'get', path: '/api-keys' },
  input: z.strictObject(pageInput(sorts, '-createdAt')),
  output: pageOutput(ApiKey),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, apiKeys.id, request);
    const rows = await db
      .select({ ...apiKeyFields, ...page.fields })
      .from(apiKeys)
      .where(and(visibleApiKeys(actor), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});
