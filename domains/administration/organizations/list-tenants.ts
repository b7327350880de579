import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { readCursor, writeCursor } from '#runtime/resource/cursor.js';
import { defaultPageSize, maxPageSize, pageOutput } from '#runtime/resource/page.js';
import { textField } from '#runtime/resource/text-field.js';
import { Tenant } from './tenant.js';

const Listed = Tenant.pick({
  id: true,
  name: true,
  slug: true,
  plan: true,
  members: true,
  createdAt: true,
  eraseAt: true,
  suspendedAt: true,
});

/** A page of all organizations, newest first. */
export const listTenants = defineAction({
  name: 'tenants.list',
  title: 'List organizations',
  description: 'Lists all organizations of the platform, newest first, with nothing of what they do.',
  permission: 'platform:read',
  effect: 'read',
  http: { method: 'get', path: '/platform/organizations' },
  input: z.strictObject({
    q: textField({ min: 1, max: 200 }).optional().describe('Part of name or address'),
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  }),
  output: pageOutput(Listed),
  async run({ db }: DomainContext, { q, limit, cursor }) {
    const [previous] = cursor === undefined ? [null] : readCursor(z.tuple([z.uuid()]), cursor);
    const pattern = q === undefined ? null : `%${q.replace(/[\\%_]/g, '\\$&')}%`;
    const rows = await db.execute<z.output<typeof Listed>>(sql`
      SELECT id, name, slug, plan, members, created_at AS "createdAt", erase_at AS "eraseAt",
        suspended_at AS "suspendedAt"
      FROM list_tenants(${pattern}::text, ${previous}::uuid, ${limit + 1})`);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? writeCursor([last.id]) : null };
  },
});
