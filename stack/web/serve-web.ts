import { createServer } from 'vite';
import { viteConfig } from './vite-config.js';

const api = process.env.API_URL ?? 'http://127.0.0.1:3000';
const port = 5173;

/** Serves the web app from its sources, and hands everything else on to an API that runs (`API_URL`). */
const server = await createServer({
  ...viteConfig(),
  html: {},
  server: {
    port,
    strictPort: true,
    proxy: Object.fromEntries(
      ['/v1', '/docs', '/openapi.json', '/dev', '/readyz', '/forms', '/approvals', '/assets'].map((path) => [
        path,
        // Requests by cookie have to come from the API's own pages, which these stand for.
        { target: api, changeOrigin: true, headers: { origin: new URL(api).origin } },
      ]),
    ),
  },
});
await server.listen();
server.printUrls();
