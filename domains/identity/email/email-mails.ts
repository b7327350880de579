import { composeBody, type Mail, subjectLine } from '#runtime/mail/mail.js';

export const verificationSubject = 'Confirm your email address';

/** A link that was made for a person, and the row that it is of. */
export interface MailedLink {
  tokenId: string;
  url: string;
}

const footer =
  'You get this mail because somebody gave your address to WorkSynapse. If it was not you, leave it.';

export function verificationMail(to: string, link: MailedLink): Mail {
  return linkMail(to, verificationSubject, link, {
    paragraphs: ['Please confirm that this address is yours. The link is good for three days.'],
    label: 'Confirm',
  });
}

export function resetMail(to: string, link: MailedLink): Mail {
  return linkMail(to, 'Set a new password', link, {
    paragraphs: [
      'Somebody, probably you, has asked to set a new password for your account. The link is good for 30 minutes, and once.',
      'A new password ends all of your sessions. If it was not you, nothing has changed.',
    ],
    label: 'Set a new password',
  });
}

export function appointmentMail(to: string, link: MailedLink): Mail {
  return linkMail(to, 'You are a super-user of the platform', link, {
    paragraphs: [
      'You were made a super-user of WorkSynapse. Set a password, then log in: you are asked to set up a second factor. The link is good for 30 minutes, and once.',
    ],
    label: 'Set a password',
  });
}

export function changeMail(to: string, link: MailedLink): Mail {
  return linkMail(to, 'Confirm your new email address', link, {
    paragraphs: [
      'Please confirm that this shall be the address of your account. The link is good for three hours.',
    ],
    label: 'Confirm the new address',
  });
}

/** To the address that was: what has been asked for, or done. */
export function noticeMail(to: string, notice: { title: string; text: string; key: string }): Mail {
  const { title, text, key } = notice;
  return {
    to,
    subject: subjectLine(title),
    body: composeBody({
      title,
      paragraphs: [text, 'If it was not you, set a new password and tell those who run your organization.'],
      facts: [],
      links: [],
      footer: 'You get this mail for the safety of your account.',
    }),
    dedupeKey: key,
    isForSafety: true,
  };
}

function linkMail(
  to: string,
  title: string,
  { tokenId, url }: MailedLink,
  { paragraphs, label }: { paragraphs: string[]; label: string },
): Mail {
  return {
    to,
    subject: subjectLine(title),
    body: composeBody({ title, paragraphs, facts: [], links: [{ label, url }], footer }),
    dedupeKey: `email_token:${tokenId}`,
    isForSafety: true,
  };
}
