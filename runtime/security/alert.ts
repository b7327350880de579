import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { momentText } from '#core/moment-text.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, organizations, roles, users } from '#db/schema/index.js';
import { composeBody, type Mail, subjectLine } from '../mail/mail.js';
import { type MailServices, sendsMail, writeMails } from '../mail/write-mails.js';
import type { RequestOrigin } from '../request-origin.js';
import { type ComplianceSettings, readComplianceSettings } from './compliance-settings.js';
import { alwaysToldKinds, type SecurityKind, securityKinds } from './security-kinds.js';

export interface ToldEvent {
  orgId: string;
  id: string;
  kind: SecurityKind;
  userId: string | null;
  origin: RequestOrigin | undefined;
  /** ISO 8601. */
  at: string;
  details: Readonly<Record<string, unknown>>;
}

/** Most people who are told of one event. */
const maxTold = 20;

/**
 * Writes a mail to each of those whom the organization wants told of this kind, within its hourly limit. Of some kinds
 * owners are told as well, without a limit.
 */
export async function alertOf(services: MailServices, db: Transaction, event: ToldEvent): Promise<void> {
  if (!sendsMail(services)) return;
  const settings = await readComplianceSettings(db);
  const isAlways = alwaysToldKinds.has(event.kind);
  if (!isAlways && !settings.alertKinds.includes(event.kind)) return;
  if (!isAlways && (await alertsThisHour(db, event.orgId)) >= settings.alertsPerHour) {
    services.logger.warn(
      { orgId: event.orgId, securityEventId: event.id, kind: event.kind },
      'An organization has had too many security alerts this hour; this one is not mailed',
    );
    return;
  }
  const [told, subject] = [await findTold(db, settings, isAlways), await describe(db, event)];
  const mails = told.map(
    ({ userId, email }): Mail => ({
      to: email,
      subject: subjectLine(`Security alert: ${securityKinds[event.kind]}`),
      body: composeBody(subject),
      dedupeKey: `security:${event.id}:${userId}`,
      ...(isAlways && { isForSafety: true as const }),
    }),
  );
  await writeMails(services, db, event.orgId, mails);
}

/** Events, not mails: several people are told of one. */
async function alertsThisHour(db: Transaction, orgId: string): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    SELECT count(DISTINCT split_part(dedupe_key, ':', 2))::integer AS count FROM outgoing_mails
    WHERE org_id = ${orgId}::uuid AND created_at > now() - interval '1 hour' AND dedupe_key LIKE 'security:%'`);
  return row?.count ?? 0;
}

/** Active members that are named; the owners where none of these is there, or where they are told of it in any case. */
async function findTold(db: Transaction, { alertUserIds }: ComplianceSettings, areOwnersTold: boolean) {
  const isNamed = sql<boolean>`${members.userId} = ANY(${sql.param([...alertUserIds])}::uuid[])`;
  const rows = await db
    .select({ userId: users.id, email: users.email, isNamed })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.status, 'active'), sql`(${isNamed} OR ${roles.key} = 'owner')`))
    .orderBy(desc(sql`${roles.key} = 'owner'`), asc(members.createdAt));
  const named = rows.filter((row) => row.isNamed);
  if (areOwnersTold) return rows.slice(0, maxTold);
  return (named.length > 0 ? named : rows).slice(0, maxTold);
}

async function describe(db: Transaction, { orgId, kind, userId, origin, at, details }: ToldEvent) {
  const [organization] = await db
    .select({ name: organizations.name })
    .from(organizations)
    .where(eq(organizations.id, orgId));
  const person = userId === null ? undefined : await personOf(db, userId);
  const facts: [string, string][] = [['Organization', organization?.name ?? orgId]];
  if (person) facts.push(['Person', `${person.name} <${person.email}>`]);
  if (origin?.ip) facts.push(['From', origin.ip]);
  if (origin?.userAgent) facts.push(['Program', origin.userAgent]);
  facts.push(['When', momentText(at)]);
  for (const [label, value] of Object.entries(details)) facts.push([label, String(value)]);
  return {
    title: securityKinds[kind],
    paragraphs: ['If this was not meant to happen, look at the security events of the organization.'],
    facts,
    links: [],
    footer: alwaysToldKinds.has(kind)
      ? 'Owners are told of this in any case.'
      : 'The organization has chosen to be told of this. Its compliance settings say who is told of what.',
  };
}

async function personOf(db: Transaction, userId: string) {
  const [person] = await db
    .select({ name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, userId));
  return person;
}
