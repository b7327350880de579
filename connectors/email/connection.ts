import { z } from 'zod';
import type { ConnectorContext } from '#core/connector.js';

const sender = /^(?:[^<>\r\n]{0,200}<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/;

export const EmailConfig = z.object({
  /** Name or address of the SMTP server. */
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be a host name or an IP address'),
  port: z.int().min(1).max(65_535).default(587),
  /** TLS from the first byte, as on port 465; otherwise STARTTLS where the server offers it. */
  secure: z.boolean().default(false),
  /** `name@example.com` or `Name <name@example.com>`. */
  from: z.string().regex(sender, 'must be an email address, with or without a name'),
});

export const EmailSecret = z.object({
  user: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
});

export type EmailContext = ConnectorContext<z.output<typeof EmailConfig>, z.output<typeof EmailSecret>>;
