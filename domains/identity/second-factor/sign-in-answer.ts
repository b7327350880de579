import { z } from 'zod';
import { Session } from '../session.js';

const challenge = z.string().describe('Good for ten minutes and once; send it with what is asked for');

/** What there is still to do. */
export const Asked = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('second_factor'),
    challenge,
    methods: z.array(z.enum(['totp', 'passkey', 'recovery_code'])).describe('Any of these will do'),
  }),
  z.object({ status: z.literal('enroll_second_factor'), challenge }),
]);

/** To one who signs in: they are in, or they have to do more. */
export const SignInAnswer = z.union([Session, Asked]);
