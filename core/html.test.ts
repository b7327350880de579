import assert from 'node:assert/strict';
import { html } from './html.js';

describe('html', () => {
  it('escapes what is put in, in text and in attributes', () => {
    const evil = `<script>alert("x")</script>' & `;
    assert.equal(
      html`<a title="${evil}">${evil}</a>`.toString(),
      '<a title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; &amp; ">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; &amp; </a>',
    );
  });

  it('keeps its own markup, and lists of it', () => {
    const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`);
    assert.equal(
      html`<ul>${items}</ul>${html`<hr>`}`.toString(),
      '<ul><li>a</li><li>&lt;b&gt;</li></ul><hr>',
    );
  });
});
