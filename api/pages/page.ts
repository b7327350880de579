import type { Response } from 'express';
import { html, type SafeHtml } from '#core/html.js';

/**
 * Sends a small page in the plain style that all of the API's own pages share; light and dark. `styles`: addresses of
 * more style sheets.
 */
export function sendPage(
  response: Response,
  title: string,
  body: SafeHtml,
  styles: readonly string[] = [],
): void {
  const sheets = ['/assets/page.css', ...styles].map(
    (href) => html`<link rel="stylesheet" href="${href}">
`,
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${sheets}</head>
<body>
${body}
</body>
</html>
`;
  response.type('html').send(page.toString());
}

/** Served at /assets/page.css. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --text: light-dark(#1c2127, #e4e7eb);
  --muted: light-dark(#5b6570, #9aa4af);
  --line: light-dark(#d9dee3, #343b43);
  --ground: light-dark(#ffffff, #14181c);
  --raised: light-dark(#f5f7f9, #1c2227);
  --link: light-dark(#0b5cad, #7ab7ff);
}
body {
  max-width: 60rem;
  margin: 0 auto;
  padding: 2.5rem 1.25rem;
  background: var(--ground);
  color: var(--text);
  font: 16px/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 0.75rem; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.muted { color: var(--muted); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--muted); font-weight: 500; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { padding: 1rem; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: 6px; background: #fff; }
`;
