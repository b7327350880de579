import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { WorkingHours } from '#core/working-hours.js';
import { organizations } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';
import { withFieldErrors } from '#runtime/resource/database-error.js';
import { titleField } from '#runtime/resource/text-field.js';
import { Currency, Holidays, Locale, TimeZone } from './regional-fields.js';

const Slug = z
  .string()
  .max(48)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters and digits, with single hyphens between');

const Settings = z.object({
  id: z.uuid(),
  name: z.string(),
  slug: z.string(),
  timeZone: z.string().describe('IANA name'),
  locale: z.string().describe('BCP 47'),
  currency: z.string().describe('ISO 4217'),
  workingHours: WorkingHours.describe('By weekday, in local time'),
  holidays: z.array(z.string()).describe('Local dates without working hours'),
  hasLogo: z.boolean(),
  eraseAt: z.string().nullable().describe('When it is erased; null unless it is deleted'),
});

const changes = z
  .strictObject({
    name: titleField(200),
    slug: Slug.describe('In addresses; unique among all organizations'),
    timeZone: TimeZone,
    locale: Locale,
    currency: Currency,
    workingHours: WorkingHours,
    holidays: Holidays,
  })
  .partial();

export const getSettings = defineAction({
  name: 'organization.get_settings',
  title: 'Show settings of the organization',
  description: 'Shows name, address, region and working hours of the organization.',
  permission: 'organization:read',
  effect: 'read',
  http: { method: 'get', path: '/organization/settings' },
  input: z.strictObject({}),
  output: Settings,
  run: readSettings,
});

/** Changes the given fields. Throws `conflict` naming `slug` where another organization has it. */
export const updateSettings = defineAction({
  name: 'organization.update_settings',
  title: 'Change settings of the organization',
  description: 'Changes name, address, region and working hours of the organization.',
  permission: 'organization:update',
  effect: 'write',
  http: { method: 'patch', path: '/organization/settings' },
  input: changes,
  output: Settings,
  async run(context: DomainContext, input) {
    const { db, actor } = context;
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    await lockOrganization(db, actor.orgId);
    const before = await readSettings(context);
    if (Object.keys(given).length > 0) {
      await withFieldErrors(organizations, () =>
        db.update(organizations).set(given).where(eq(organizations.id, actor.orgId)),
      );
    }
    const after = await readSettings(context);
    context.audit(changeBetween(before, after, Object.keys(given)));
    return after;
  },
});

async function readSettings({ db, actor }: DomainContext): Promise<z.output<typeof Settings>> {
  const { orgId: id } = actor;
  const [row] = await db
    .select({
      name: organizations.name,
      slug: organizations.slug,
      timeZone: organizations.timeZone,
      locale: organizations.locale,
      currency: organizations.currency,
      workingHours: organizations.workingHours,
      holidays: organizations.holidays,
      logo: organizations.logoSha256,
      eraseAt: organizations.eraseAt,
    })
    .from(organizations)
    .where(eq(organizations.id, id));
  if (!row) throw new AppError('not_found', 'There is no such organization');
  const { logo, ...shown } = row;
  return { id, ...shown, hasLogo: logo !== null };
}
