import { html, type SafeHtml } from '#core/html.js';
import type { MailboxMessage } from './mailbox-message.js';

/** The list of kept messages, newest first. */
export function mailboxPage(messages: readonly MailboxMessage[]): SafeHtml {
  return html`<h1>Development mailbox</h1>
<p class="muted">Mail that WorkSynapse sends on this machine is kept here and goes nowhere else.</p>
${messages.length === 0 ? emptyMailbox : messageTable(messages)}
<p><a href="/dev/mailbox.json">The same as JSON</a> · <a href="/">WorkSynapse</a></p>`;
}

const emptyMailbox = html`<p>No mail yet. As soon as an automation sends a message, it appears here.</p>`;

function messageTable(messages: readonly MailboxMessage[]): SafeHtml {
  const rows = messages.map(
    ({ id, subject, from, to, sentAt }) => html`<tr>
<td><a href="/dev/mailbox/${id}">${subject || '(no subject)'}</a></td><td>${from}</td><td>${to}</td><td>${sentAt ?? ''}</td>
</tr>
`,
  );
  return html`<table>
<thead><tr><th scope="col">Subject</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Sent</th></tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}

/** One message: headers, text, the HTML part in a sandboxed frame, and the way to the raw message. */
export function messagePage(message: MailboxMessage): SafeHtml {
  const { id, from, to, subject, sentAt, text, attachments } = message;
  const files = attachments.map(
    ({ name, contentType, size }) => html`<li>${name} (${contentType}, ${size} bytes)</li>`,
  );
  const frame = html`<h2>HTML</h2>
<iframe sandbox title="HTML part of the message" src="/dev/mailbox/${id}/html"></iframe>`;
  return html`<p><a href="/dev/mailbox">Development mailbox</a></p>
<h1>${subject || '(no subject)'}</h1>
<dl><dt>From</dt><dd>${from}</dd><dt>To</dt><dd>${to}</dd><dt>Sent</dt><dd>${sentAt ?? 'not said'}</dd></dl>
${files.length > 0 ? html`<h2>Attachments</h2><ul>${files}</ul>` : html``}
<h2>Text</h2>
<pre>${text || '(no text part)'}</pre>
${message.html === null ? html`` : frame}
<p><a href="/dev/mailbox/${id}/raw">Raw message</a></p>`;
}
