import { z } from 'zod';

export const Verification = z.object({
  checked: z.int(),
  erased: z.int(),
  next: z.int().nullable(),
  firstBreak: z
    .object({
      kind: z.string(),
      position: z.int().nullable(),
      auditId: z.string().nullable(),
      seal: z.int().nullable(),
    })
    .nullable(),
});

/** Verifies one stretch of a log, after a position. */
export type VerifyStretch = (after: number) => Promise<z.output<typeof Verification>>;

/** One organization's log, and how to verify it. */
export interface AuditedLog {
  name: string;
  verify: VerifyStretch;
}

/** Verifies a whole log and says what came of it. Returns true if it is whole. */
export async function verifyLog({ name, verify }: AuditedLog, say: (line: string) => void): Promise<boolean> {
  let [checked, erased] = [0, 0];
  let after: number | null = 0;
  while (after !== null) {
    const stretch: z.output<typeof Verification> = await verify(after);
    checked += stretch.checked;
    erased += stretch.erased;
    if (stretch.firstBreak) {
      const { kind, position, auditId, seal } = stretch.firstBreak;
      const places = [
        position === null ? undefined : `position ${position}`,
        auditId === null ? undefined : `entry ${auditId}`,
        seal === null ? undefined : `seal ${seal}`,
      ];
      say(
        `${name}: BROKEN, ${kind} at ${places.filter(Boolean).join(', ')}; ${checked} entries before it hold`,
      );
      return false;
    }
    after = stretch.next;
  }
  const without = erased > 0 ? `, ${erased} of them with erased details` : '';
  say(`${name}: ${checked} entries hold${without}`);
  return true;
}
