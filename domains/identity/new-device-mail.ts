import { momentText } from '#core/moment-text.js';
import { composeBody, cut, type Mail, subjectLine } from '#runtime/mail/mail.js';
import { type Place, placeText } from '#runtime/places.js';
import type { RequestOrigin } from '#runtime/request-origin.js';

/** Tells a person that they, or somebody else, signed in from where they have not before. */
export function newDeviceMail(
  user: { email: string },
  organization: { name: string },
  { origin, place, sessionId }: { origin: RequestOrigin; place: Place | null; sessionId: string },
): Mail {
  const title = `New sign-in to ${organization.name}`;
  return {
    to: user.email,
    subject: subjectLine(title),
    body: composeBody({
      title,
      paragraphs: [
        'Somebody has signed in to your account from a device that we have not seen before. If it was you, there is nothing to do.',
        'If it was not you, set a new password: that ends all of your sessions.',
      ],
      facts: [
        ['When', momentText(new Date().toISOString())],
        ['Address', origin.ip ?? 'unknown'],
        ['Place', placeText(place)],
        ['Program', cut(origin.userAgent ?? 'unknown', 200)],
      ],
      links: [],
      footer: 'You get this mail for the safety of your account.',
    }),
    dedupeKey: `new_device:${sessionId}`,
    isForSafety: true,
  };
}
