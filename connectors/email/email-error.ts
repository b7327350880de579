import { z } from 'zod';
import { AppError } from '#core/errors.js';

/** What nodemailer throws. `responseCode` is the SMTP reply code (RFC 5321, 4.2). */
const MailError = z.object({
  code: z.string().catch(''),
  responseCode: z.number().optional().catch(undefined),
  response: z.string().catch(''),
});

/** Any failure of sending mail as an AppError. */
export function toEmailError(error: unknown, host: string): AppError {
  const { code, responseCode = 0, response } = MailError.catch({ code: '', response: '' }).parse(error);
  const isPermanent = responseCode >= 500 && responseCode < 600;
  const says = response ? `${host} says: ${response.slice(0, 300)}` : `${host} did not take the message.`;
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    if (responseCode >= 400 && !isPermanent)
      return new AppError('provider_unavailable', says, { cause: error });
    return new AppError('credentials_expired', `${host} does not accept the user name and password.`);
  }
  if (code === 'EENVELOPE' && (isPermanent || responseCode === 0)) {
    return new AppError('validation', says, {
      issues: [{ path: 'to', message: 'No recipient was accepted.' }],
    });
  }
  if (isPermanent) return new AppError('validation', says);
  if (code === 'ETLS') {
    return new AppError('provider_unavailable', `${host} could not be reached over TLS.`, { cause: error });
  }
  return new AppError('provider_unavailable', response ? says : `${host} did not answer.`, { cause: error });
}
