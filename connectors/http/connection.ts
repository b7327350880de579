import { z } from 'zod';
import type { ConnectorContext } from '#core/connector.js';
import { FieldValue, HeaderName } from './header-schema.js';

const BaseUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((address) => {
    const { username, password, search, hash } = new URL(address);
    return username + password + search + hash === '';
  }, 'must have no user name, query or fragment');

export const HttpConfig = z.strictObject({
  baseUrl: BaseUrl.optional().describe(
    'Requests may leave it out of their url, and the credentials are sent to its origin only',
  ),
});

const visibleAscii = /^[\x21-\x7e]+$/;
const printable = /^[^\p{Cc}]*$/u;

const Basic = z.strictObject({
  scheme: z.literal('basic'),
  username: z
    .string()
    .max(255)
    .regex(printable)
    .regex(/^[^:]*$/, 'must have no colon'),
  password: z.string().max(4000).regex(printable, 'must have no control characters'),
});

const Bearer = z.strictObject({
  scheme: z.literal('bearer'),
  token: z.string().max(8000).regex(visibleAscii, 'must be visible ASCII characters'),
});

const InHeader = z.strictObject({
  scheme: z.literal('header'),
  name: HeaderName,
  value: FieldValue.min(1),
});

const InQuery = z.strictObject({
  scheme: z.literal('query'),
  name: z.string().min(1).max(255),
  value: z.string().min(1).max(4000),
});

/** How requests prove who sends them: one of four schemes. Basic: RFC 7617. Bearer: RFC 6750. */
export const HttpSecret = z.discriminatedUnion('scheme', [Basic, Bearer, InHeader, InQuery]);

export type Credentials = z.output<typeof HttpSecret>;

/** A request may be sent without a connection: then there are no credentials and no base address. */
export type HttpContext = ConnectorContext<z.output<typeof HttpConfig>, Credentials | undefined>;
