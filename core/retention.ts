import type { Plan } from './flags.js';

type ByPlan = Readonly<Record<Plan, number>>;

interface RetentionKind {
  title: string;
  description: string;
  /** Days that an organization keeps it at least. */
  min: number;
  /** Days that its plan allows: never is it kept longer, whatever was chosen. */
  max: ByPlan;
  /** Days where the organization has chosen nothing; null: as the deployment has it for runs. */
  default: ByPlan | null;
}

const sameInAll = (days: number): ByPlan => ({ free: days, pro: days, enterprise: days });
const upTo: ByPlan = { free: 400, pro: 1_100, enterprise: 3_650 };

/** For how long an organization keeps what comes and goes by itself. The one list of it: settings and sweep go by it. */
export const retentionKinds = {
  runs: {
    title: 'Runs',
    description: 'Runs that have ended, with steps, waits and results of calls',
    min: 1,
    max: upTo,
    default: null,
  },
  deliveries: {
    title: 'Deliveries',
    description: 'What came in by webhook and mail, once no run refers to it any more',
    min: 1,
    max: upTo,
    default: null,
  },
  files: {
    title: 'Files',
    description: 'Files that nothing names any more, since they were put last',
    min: 1,
    max: upTo,
    default: null,
  },
  mails: {
    title: 'Mails',
    description: 'To whom the platform sent which mail; never its content',
    min: 1,
    max: upTo,
    default: { free: 90, pro: 90, enterprise: 365 },
  },
  exports: {
    title: 'Exports',
    description: 'Archives of exported data, of those that are made from now on',
    min: 1,
    max: sameInAll(30),
    default: sameInAll(7),
  },
  security_events: {
    title: 'Security events',
    description: 'What happened to the safety of accounts; the audit log has kinds of its own',
    min: 30,
    max: upTo,
    default: { free: 180, pro: 400, enterprise: 730 },
  },
  ai_calls: {
    title: 'Calls of language models',
    description: 'Each call with what is kept of prompt and reply; the sums of its day stay for three years',
    min: 30,
    max: upTo,
    default: { free: 90, pro: 90, enterprise: 365 },
  },
  agent_runs: {
    title: 'Conversations with agents',
    description:
      'Runs of agents in which nothing has happened for so long, with all that was said and done in them',
    min: 1,
    max: upTo,
    default: sameInAll(365),
  },
  audit: {
    title: 'Audit log',
    description: 'Audit entries in the database; whole months that are older go to an archive',
    min: 90,
    max: upTo,
    default: sameInAll(400),
  },
  audit_archives: {
    title: 'Archives of the audit log',
    description: 'Files of archived audit entries, since they were made; what proves them stays',
    min: 365,
    max: { free: 1_100, pro: 3_650, enterprise: 3_650 },
    default: { free: 1_100, pro: 2_555, enterprise: 3_650 },
  },
} satisfies Record<string, RetentionKind>;

export type RetentionKindName = keyof typeof retentionKinds;

/** The names of all kinds, in the order in which they are shown. */
export const retentionKindNames: readonly RetentionKindName[] = [
  'runs',
  'deliveries',
  'files',
  'mails',
  'exports',
  'security_events',
  'ai_calls',
  'agent_runs',
  'audit',
  'audit_archives',
];

/** How long a person's own history of sign-ins is kept, which no organization shortens. The database has it, too. */
export const logInDays = 365;
