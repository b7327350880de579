import { z } from 'zod';
import { type AppError, type ErrorCode, errorTable, isErrorCode } from '#core/errors.js';

const gateNames = [
  'key',
  'network',
  'membership',
  'organization',
  'grant',
  'module',
  'person',
  'super_user',
  'support',
  'role',
  'scopes',
  'recent_sign_in',
  'approval',
  'object',
] as const;

/** What one gate answers. */
export const GateAnswer = z.object({
  gate: z.enum(gateNames),
  isPassed: z.boolean(),
  code: z
    .custom<ErrorCode>((value) => typeof value === 'string' && isErrorCode(value))
    .nullable()
    .meta({ type: 'string', enum: Object.keys(errorTable) })
    .describe('With which it refuses'),
  text: z.string(),
});

export type GateAnswer = z.output<typeof GateAnswer>;

/** What a gate answers that refuses with `refusal`, or lets pass where that is undefined; with a sentence for either. */
export function answerOf(
  gate: GateAnswer['gate'],
  refusal: Pick<AppError, 'code'> | undefined,
  { passed, refused }: { passed: string; refused: string },
): GateAnswer {
  return { gate, isPassed: !refusal, code: refusal?.code ?? null, text: refusal ? refused : passed };
}
