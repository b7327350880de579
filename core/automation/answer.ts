/** Headers of one connection, of the body's framing, and those that would act on all of our own address. */
const refusedHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'host',
  'set-cookie',
  'set-cookie2',
  'clear-site-data',
  'content-security-policy',
  'content-security-policy-report-only',
  'service-worker-allowed',
  'strict-transport-security',
  'x-content-type-options',
]);

const token = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]{0,4000}$/;

/** Most headers of one answer. */
export const maxAnswerHeaders = 50;

/** Why an answer may not have this header; undefined if it may (RFC 9110, 5.1 and 7.6.1). */
export function headerNameProblem(name: string): string | undefined {
  if (!token.test(name)) return 'is not the name of a header';
  return refusedHeaders.has(name.toLowerCase()) ? 'may not be set by an answer' : undefined;
}

/** True for what may stand in a header: one line of Latin text, up to 4,000 characters. */
export function isHeaderValue(value: string): boolean {
  return fieldValue.test(value);
}

/** True for the status of a final answer: 200 to 599. */
export function isAnswerStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599;
}
