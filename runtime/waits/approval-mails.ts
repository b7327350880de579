import { eq } from 'drizzle-orm';
import type { ApprovalRequest } from '#core/automation/approval.js';
import { momentText } from '#core/moment-text.js';
import type { Transaction } from '#db/client.js';
import { agents, automations, organizations } from '#db/schema/index.js';
import { publicUrl } from '../configuration.js';
import { composeBody, cut, type Mail, subjectLine } from '../mail/mail.js';
import { type MailServices, sendsMail, writeMails } from '../mail/write-mails.js';
import { wantingMail } from '../notifications/wanted-ways.js';
import type { Services } from '../services.js';
import { type Approver, findApprovers } from './find-approvers.js';

export type ApprovalMailServices = MailServices & Pick<Services, 'approvalLinks'>;

/** Why people are told of an approval; what is told before under the same name is not told again. */
export type ApprovalNews = 'request' | 'escalation' | `reminder-${number}`;

export interface ToldApproval {
  orgId: string;
  id: string;
  /** Who asks. */
  by: { kind: 'automation' | 'agent'; id: string };
  request: ApprovalRequest;
  /** ISO 8601. */
  expiresAt: string | null;
}

/** How long a link is good for where the approval itself has no end. */
const linkLifetimeMs = 30 * 86_400_000;

/**
 * Writes a mail with links to each of the people who may decide, but those in `except`. Returns how many joined the
 * dispatcher's queue.
 */
export async function writeApprovalMails(
  services: ApprovalMailServices,
  transaction: Transaction,
  approval: ToldApproval,
  {
    news,
    to,
    except,
  }: {
    news: ApprovalNews;
    to: { users: readonly string[]; roles: readonly string[] };
    except: ReadonlySet<string>;
  },
): Promise<{ queued: number }> {
  if (!sendsMail(services)) return { queued: 0 };
  const asked = (await findApprovers(transaction, to)).filter(({ userId }) => !except.has(userId));
  const told = await wantingMail(transaction, 'approval_requested', asked);
  if (told.length === 0) return { queued: 0 };
  const names = await readNames(transaction, approval);
  const mails = await Promise.all(told.map((person) => mailTo(services, { approval, names, news, person })));
  return writeMails(services, transaction, approval.orgId, mails);
}

interface Told {
  approval: ToldApproval;
  names: { organization: string; asking: string };
  news: ApprovalNews;
  person: Approver;
}

async function mailTo(
  { approvalLinks, configuration }: ApprovalMailServices,
  { approval, names, news, person }: Told,
): Promise<Mail> {
  const { orgId, id, request, expiresAt } = approval;
  const { userId, email } = person;
  const latest = Date.now() + linkLifetimeMs;
  const until = expiresAt === null ? latest : Math.min(latest, Date.parse(expiresAt));
  const token = await approvalLinks.issue({ orgId, userId, approvalId: id }, new Date(until));
  const url = `${publicUrl(configuration)}/approvals/${token}`;
  const title = cut(request.title, 300);
  const labels = request.fields.map(({ label }) => label).join(', ');
  const facts: [string, string][] = [
    ['Organization', names.organization],
    [approval.by.kind === 'agent' ? 'Agent' : 'Automation', names.asking],
    ['Decide until', expiresAt === null ? 'no end' : momentText(expiresAt)],
  ];
  if (labels !== '') facts.push(['To be filled in', labels]);
  const body = composeBody({
    title,
    paragraphs: [introductionOf(news, approval.by.kind), request.message ?? ''],
    facts,
    links: [
      { label: 'Approve', url: `${url}?decision=approved` },
      { label: 'Reject', url: `${url}?decision=rejected` },
    ],
    footer:
      'The links lead to a page on which you confirm; opening them decides nothing. They are yours: do not forward them.',
  });
  return {
    to: email,
    subject: subjectLine(`${subjectStart(news)}: ${title}`),
    body,
    dedupeKey: `approval:${id}:${news}:${userId}`,
  };
}

function subjectStart(news: ApprovalNews): string {
  if (news === 'request') return 'Approval needed';
  return news === 'escalation' ? 'Approval overdue' : 'Reminder: approval needed';
}

function introductionOf(news: ApprovalNews, kind: ToldApproval['by']['kind']): string {
  if (news === 'escalation') return 'Nobody has decided this in time; now you are asked as well.';
  return `An ${kind} ${news === 'request' ? 'waits' : 'still waits'} for your decision.`;
}

async function readNames(transaction: Transaction, { orgId, by }: ToldApproval): Promise<Told['names']> {
  const asking = by.kind === 'agent' ? agents : automations;
  const [row] = await transaction
    .select({ organization: organizations.name, asking: asking.name })
    .from(asking)
    .innerJoin(organizations, eq(organizations.id, asking.orgId))
    .where(eq(asking.id, by.id));
  if (!row) throw new Error(`There is no ${by.kind} ${by.id} in ${orgId}`);
  return row;
}
