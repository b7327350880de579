import { sql } from 'drizzle-orm';
import type { FlagOverrides } from '#core/flags.js';
import { organizations } from '#db/schema/index.js';

/** What is to be known of the organization, in one go with somebody's rights in it. */
export const organizationFields = {
  eraseAt: organizations.eraseAt,
  suspendedAt: organizations.suspendedAt,
  suspensionReason: organizations.suspensionReason,
  plan: organizations.plan,
  imposed: sql<FlagOverrides>`(SELECT coalesce(jsonb_object_agg(p.name, p.is_on), '{}')
    FROM platform_flags p WHERE p.org_id = ${organizations.id})`,
  overrides: sql<FlagOverrides>`(SELECT coalesce(jsonb_object_agg(f.name, f.is_on), '{}')
    FROM organization_flags f WHERE f.org_id = ${organizations.id})`,
};
