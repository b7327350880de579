import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router } from 'express';
import { html } from '#core/html.js';
import { projectRoot } from '#runtime/project-root.js';
import type { ApiApp } from '../api-app.js';
import { projectVersion } from '../project-version.js';
import { contextOf } from '../request-context.js';
import { contentPolicy } from '../security-headers.js';
import { createOpenApiDocument } from './document.js';

const assets = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** `GET /openapi.json`, and `GET /docs`: the same as a page to read and try. Everything comes from this host. */
export function createDocsRoutes(app: ApiApp): Router {
  const fromProject = createRequire(join(projectRoot, 'package.json'));
  const assetFolder = dirname(fromProject.resolve('swagger-ui-dist/package.json'));
  const document = JSON.stringify(createOpenApiDocument(app.services.catalogue, projectVersion()));
  const router = Router({ caseSensitive: true });

  router.get('/openapi.json', (request, response) => {
    contextOf(request).route = '/openapi.json';
    response.type('json').send(document);
  });
  router.get('/docs', (request, response) => {
    contextOf(request).route = '/docs';
    response.setHeader('Content-Security-Policy', docsPolicy);
    response.type('html').send(docsPage.toString());
  });
  router.get('/docs/start.js', (request, response) => {
    Object.assign(contextOf(request), { route: '/docs/start.js', isQuiet: true });
    response.type('js').send(startScript);
  });
  for (const name of assets) {
    router.get(`/docs/${name}`, (request, response) => {
      Object.assign(contextOf(request), { route: `/docs/${name}`, isQuiet: true });
      response.sendFile(name, { root: assetFolder, maxAge: '1h' });
    });
  }
  return router;
}

/** The page runs scripts of this host and asks this host. */
const docsPolicy = contentPolicy({ 'script-src': "'self'", 'connect-src': "'self'" });

const docsPage = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>WorkSynapse API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body>
<div id="swagger-ui"></div>
<noscript><p>This page needs JavaScript. The same document for programs is at <a href="/openapi.json">/openapi.json</a>.</p></noscript>
</body>
</html>
`;

/** Runs in the browser. Swagger UI goes dark by a class on the root element. */
const startScript = `const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  displayRequestDuration: true,
  tagsSorter: 'alpha',
  validatorUrl: null,
});
`;
