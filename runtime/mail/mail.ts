import { html, type SafeHtml } from '#core/html.js';

/** A mail of the platform to one person. */
export interface Mail {
  /** An address. */
  to: string;
  subject: string;
  body: MailBody;
  /** The same for what shall be told once, unique in the organization. */
  dedupeKey: string;
  /**
   * It guards somebody's account, and is sent also when the organization has used up its mails of the hour. Whoever
   * writes such a mail has a limit of their own.
   */
  isForSafety?: true;
}

/** A mail's content, in the two forms in which it is sent. */
export interface MailBody {
  text: string;
  html: string;
}

export interface MailContent {
  title: string;
  /** Texts of people or automations; cut where they are too long for a mail. */
  paragraphs: readonly string[];
  facts: readonly (readonly [label: string, value: string])[];
  links: readonly { label: string; url: string }[];
  footer: string;
}

const maxParagraph = 10_000;

/** Writes content as plain text and as HTML, with everything in it escaped. */
export function composeBody(content: MailContent): MailBody {
  const paragraphs = content.paragraphs
    .filter((text) => text.trim() !== '')
    .map((text) => cut(text, maxParagraph));
  return { text: asText({ ...content, paragraphs }), html: asHtml({ ...content, paragraphs }).toString() };
}

/** One line for a subject, of 200 characters at most. */
export function subjectLine(text: string): string {
  return cut(text.replace(/[\s\p{Cc}]+/gu, ' ').trim(), 200);
}

/** The text, or as much of it as is allowed. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

function asText({ title, paragraphs, facts, links, footer }: MailContent): string {
  const blocks = [
    title,
    ...paragraphs,
    facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
    ...links.map(({ label, url }) => `${label}:\n${url}`),
    `-- \n${footer}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function asHtml({ title, paragraphs, facts, links, footer }: MailContent): SafeHtml {
  const rows = facts.map(
    ([label, value]) =>
      html`<tr><td style="padding:2px 16px 2px 0;opacity:.7">${label}</td><td>${value}</td></tr>
`,
  );
  const table = facts.length === 0 ? html`` : html`<table style="border-collapse:collapse">${rows}</table>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title></head>
<body style="font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:0 auto;padding:16px">
<h1 style="font-size:1.3rem">${title}</h1>
${paragraphs.map(
  (text) => html`<p style="white-space:pre-wrap">${text}</p>
`,
)}${table}
${links.map(
  ({ label, url }) => html`<p><a href="${url}">${label}</a></p>
`,
)}<p style="font-size:.85rem;opacity:.7">${footer}</p>
</body></html>
`;
}
