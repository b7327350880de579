import { z } from 'zod';
import { defineConnectorAction } from '#core/connector.js';
import type { HttpContext } from './connection.js';
import { interpretContent } from './content.js';
import { type Answer, exchange } from './exchange.js';
import { readPages } from './pages.js';
import { prepareRequest } from './prepared-request.js';
import { RequestInput } from './request-input.js';
import { createSecretMask } from './secret-mask.js';
import { shownHeaders, shownUrl } from './shown-answer.js';

const RequestOutput = z.object({
  status: z.int(),
  headers: z
    .record(z.string(), z.string())
    .describe('By lower-case name, without cookies and other credentials'),
  body: z
    .unknown()
    .describe(
      'JSON value, text, or {sha256, size, contentType} of a file; null without content; the list of all pages',
    ),
  url: z.string().describe('Where the answer came from, after redirects'),
  pages: z.int().describe('How many answers were read'),
  hasMore: z.boolean().describe('There are more pages than maxPages'),
});

export const sendRequest = defineConnectorAction({
  name: 'http.request',
  title: 'HTTP request',
  description: 'Calls any HTTP API on the internet, with the credentials of a connection if wanted.',
  permission: 'http:request',
  effect: 'send',
  connection: 'optional',
  input: RequestInput,
  output: RequestOutput,
  async run(context: HttpContext, input) {
    const mask = createSecretMask(context.secret);
    const request = await prepareRequest(context, input);
    const interpret = ({ content }: Answer) =>
      interpretContent(content, input.pagination ? 'json' : input.response, { files: context.files, mask });
    const show = ({ status, headers, url }: Answer) => ({
      status,
      headers: shownHeaders(headers, mask),
      url: shownUrl(url, context.secret, mask),
    });

    if (!input.pagination) {
      const answer = await exchange(context, request, input, mask);
      return { ...show(answer), body: mask.value(await interpret(answer)), pages: 1, hasMore: false };
    }
    const { items, last, pages, hasMore } = await readPages(request.url, input.pagination, {
      async ask(url) {
        const answer = await exchange(context, { ...request, url }, input, mask);
        return { answer, data: await interpret(answer) };
      },
      mayFollow: ({ origin }) => context.secret === undefined || origin === request.url.origin,
    });
    return { ...show(last), body: mask.value(items), pages, hasMore };
  },
});
