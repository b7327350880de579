import { openSession, type Session } from '../../api/session.js';
import type { paths } from '../../client/schema.js';

type LogInAnswer = paths['/v1/log-in']['post']['responses'][200]['content']['application/json'];

/** What there is still to do before being let in. */
export type Demand = Extract<LogInAnswer, { status: string }>;

/** Opens the session that an answer brings; gives what is asked for else. */
export function admit(answer: Session | Demand): Demand | undefined {
  if ('status' in answer) return answer;
  openSession(answer);
  return undefined;
}

/** Reads a demand out of the part behind the # that the way through an identity provider ends with. */
export function demandInHash(hash: string): Demand | undefined {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const challenge = fields.get('challenge');
  if (challenge === null) return undefined;
  if (fields.get('status') === 'enroll_second_factor') return { status: 'enroll_second_factor', challenge };
  return { status: 'second_factor', challenge, methods: ['totp', 'passkey', 'recovery_code'] };
}
