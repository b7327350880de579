import type { Notice, NotificationKind } from '#core/notification.js';
import { publicUrl } from '../configuration.js';
import { composeBody, type Mail, subjectLine } from '../mail/mail.js';
import type { Services } from '../services.js';
import type { Addressee } from './find-audience.js';

/** The mail of a kind that has none of its own: a line, and where it leads. */
export function notificationMail(
  { configuration }: Pick<Services, 'configuration'>,
  {
    kind,
    notice,
    eventId,
    person,
  }: { kind: NotificationKind; notice: Notice; eventId: string; person: Addressee },
): Mail {
  const address = publicUrl(configuration);
  const body = composeBody({
    title: notice.title,
    paragraphs: [],
    facts: [],
    links: [{ label: 'Look at it', url: `${address}${notice.path}` }],
    footer: `You are told: ${kind.title}. What you are told of is chosen at ${address}/settings/notifications`,
  });
  return {
    to: person.email,
    subject: subjectLine(notice.title),
    body,
    dedupeKey: `notification:${kind.name}:${eventId}:${person.userId}`,
  };
}
