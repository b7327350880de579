interface RetentionKind {
  title: string;
  description: string;
  /** Days within which an organization may choose. */
  min: number;
  max: number;
  /** Days; null: as the deployment has it for runs. */
  defaultDays: number | null;
}

/** For how long an organization keeps what comes and goes by itself. The one list of it: settings and sweep go by it. */
export const retentionKinds = {
  runs: {
    title: 'Runs',
    description: 'Runs that have ended, with steps, waits and results of calls',
    min: 1,
    max: 3_650,
    defaultDays: null,
  },
  deliveries: {
    title: 'Deliveries',
    description: 'What came in by webhook and mail, once no run refers to it any more',
    min: 1,
    max: 3_650,
    defaultDays: null,
  },
  mails: {
    title: 'Mails',
    description: 'To whom the platform sent which mail; never its content',
    min: 1,
    max: 3_650,
    defaultDays: 90,
  },
  exports: {
    title: 'Exports',
    description: 'Archives of exported data, of those that are made from now on',
    min: 1,
    max: 30,
    defaultDays: 7,
  },
} satisfies Record<string, RetentionKind>;

export type RetentionKindName = keyof typeof retentionKinds;

/** The names of all kinds, in the order in which they are shown. */
export const retentionKindNames: readonly RetentionKindName[] = ['runs', 'deliveries', 'mails', 'exports'];
