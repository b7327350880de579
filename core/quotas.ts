import type { Plan } from './flags.js';

interface QuotaDefinition {
  title: string;
  description: string;
  unit: 'runs' | 'mails' | 'requests' | 'bytes' | 'members';
  /** What is used begins anew with each month, in UTC; else it is what there is at present. */
  isMonthly: boolean;
}

/** What an organization has only so much of. */
export const quotas = {
  runs: {
    title: 'Runs',
    description: 'Runs of automations that have started, tests and subflows included',
    unit: 'runs',
    isMonthly: true,
  },
  mails: {
    title: 'Mails',
    description: 'Mails that the platform sends, but those that guard accounts',
    unit: 'mails',
    isMonthly: true,
  },
  api_calls: {
    title: 'API calls',
    description: 'Requests with a session, an API key or a SCIM token',
    unit: 'requests',
    isMonthly: true,
  },
  storage: {
    title: 'Storage',
    description: 'Files, attachments and large values',
    unit: 'bytes',
    isMonthly: false,
  },
  members: { title: 'Members', description: 'Active members', unit: 'members', isMonthly: false },
} as const satisfies Record<string, QuotaDefinition>;

export type QuotaName = keyof typeof quotas;

/** The names of all quotas, in the order in which they are shown. */
export const quotaNames: readonly QuotaName[] = ['runs', 'mails', 'api_calls', 'storage', 'members'];

const gibibyte = 2 ** 30;

/** How much of it each plan has; null: as much as is wanted. */
export const planQuotas: Readonly<Record<Plan, Readonly<Record<QuotaName, number | null>>>> = {
  free: { runs: 100_000, mails: 10_000, api_calls: 2_000_000, storage: 10 * gibibyte, members: 250 },
  pro: { runs: 2_000_000, mails: 200_000, api_calls: 50_000_000, storage: 500 * gibibyte, members: 5_000 },
  enterprise: { runs: null, mails: null, api_calls: null, storage: null, members: null },
};

/** How much of a quota is used. */
export interface QuotaState {
  name: QuotaName;
  /** Null: there is none. */
  limit: number | null;
  used: number;
  /** When it begins anew, ISO 8601; null where what counts is what there is. */
  resetsAt: string | null;
}

/** True if `wanted` more would be too much. */
export function isBeyond({ limit, used }: Pick<QuotaState, 'limit' | 'used'>, wanted: number): boolean {
  return limit !== null && used + wanted > limit;
}
