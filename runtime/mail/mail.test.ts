import assert from 'node:assert/strict';
import { composeBody, subjectLine } from './mail.js';

describe('the body of a mail', () => {
  const content = {
    title: 'Pay <100>?',
    paragraphs: ['To "Ada" & co\nsoon', ' '],
    facts: [['Organization', '<script>alert(1)</script>']] as const,
    links: [{ label: 'Approve', url: 'https://work.example/approvals/t?a=1&b="2' }],
    footer: 'Yours',
  };

  it('holds everything as it is in its text', () => {
    const { text } = composeBody(content);
    const blocks = [
      'Pay <100>?',
      'To "Ada" & co\nsoon',
      'Organization: <script>alert(1)</script>',
      'Approve:\nhttps://work.example/approvals/t?a=1&b="2',
      '-- \nYours\n',
    ];
    assert.equal(text, blocks.join('\n\n'));
  });

  it('holds everything escaped in its HTML', () => {
    const { html } = composeBody(content);
    assert.doesNotMatch(html, /<script|"Ada"/);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(html, /href="https:\/\/work\.example\/approvals\/t\?a=1&amp;b=&quot;2"/);
  });

  it('is cut where a text is too long for a mail', () => {
    const { text, html } = composeBody({ ...content, paragraphs: ['x'.repeat(50_000)] });
    assert.ok(text.length < 11_000 && html.length < 12_000);
    assert.match(text, /x…/);
  });
});

describe('the subject of a mail', () => {
  it('is one line of bounded length, whatever it is made of', () => {
    assert.equal(subjectLine(' Pay\r\nBcc: eve@example.com\u0000now '), 'Pay Bcc: eve@example.com now');
    assert.equal(subjectLine('x'.repeat(500)).length, 200);
  });
});
