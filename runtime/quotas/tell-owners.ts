import { type QuotaState, quotaNames, quotas } from '#core/quotas.js';
import { quotaNotices } from '#db/schema/index.js';
import { composeBody, type Mail, subjectLine } from '../mail/mail.js';
import { sendsMail, writeMails } from '../mail/write-mails.js';
import { findOwners } from '../membership/find-owners.js';
import type { Services } from '../services.js';
import { presentMonth } from './quota-sql.js';
import { readQuotas } from './read-quotas.js';

/** The part of a quota from which on owners are told. */
const tellingPart = 0.8;

type TellingServices = Pick<Services, 'configuration' | 'vault' | 'logger' | 'database'>;

/** Tells the owners of an organization which quotas have been used to four fifths, each once a month. */
export async function tellOfQuotas(services: TellingServices, orgId: string): Promise<void> {
  if (!sendsMail(services)) return;
  await services.database.withOrg(orgId, async (transaction) => {
    const states = await readQuotas(transaction, orgId, quotaNames);
    for (const state of states) {
      if (!isRunningOut(state)) continue;
      const [notice] = await transaction
        .insert(quotaNotices)
        .values({ orgId, name: state.name, month: presentMonth })
        .onConflictDoNothing()
        .returning({ month: quotaNotices.month });
      if (!notice) continue;
      const owners = await findOwners(transaction, orgId);
      await writeMails(services, transaction, orgId, mailsOf(owners, state, notice.month));
    }
  });
}

function isRunningOut({ limit, used }: QuotaState): boolean {
  return limit !== null && limit > 0 && used >= limit * tellingPart;
}

function mailsOf(
  owners: readonly { userId: string; email: string }[],
  { name, limit, used, resetsAt }: QuotaState,
  month: string,
): Mail[] {
  const { title: what, unit } = quotas[name];
  const title = `${what}: ${used} of ${limit} ${unit} are used`;
  const body = composeBody({
    title,
    paragraphs: [
      'What goes beyond it is refused, and runs that apps start wait. Remove what is not needed, or change to a larger plan.',
    ],
    facts: resetsAt === null ? [] : [['Begins anew', resetsAt]],
    links: [],
    footer: 'You are told because you own the organization, once a month.',
  });
  return owners.map(({ userId, email }) => ({
    to: email,
    subject: subjectLine(title),
    body,
    dedupeKey: `quota:${name}:${month}:${userId}`,
  }));
}
