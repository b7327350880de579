import type { RequestHandler } from 'express';

/** Where clients find which credentials the MCP server takes (RFC 9728, 3.1). */
export const resourceMetadataPath = '/.well-known/oauth-protected-resource/mcp';

/**
 * Protected resource metadata (RFC 9728). It names no authorization server, for there is none: credentials are API keys,
 * and access tokens of people who have signed in, sent in the header.
 */
export function serveResourceMetadata(publicUrl: string): RequestHandler {
  const document = JSON.stringify({
    resource: `${publicUrl}/mcp`,
    resource_name: 'WorkSynapse',
    bearer_methods_supported: ['header'],
    resource_documentation: `${publicUrl}/docs`,
  });
  return (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cache-Control', 'public, max-age=3600');
    response.type('application/json').send(document);
  };
}

/** What tells a client without a credential where to look (RFC 9728, 5.1). */
export function challenge(publicUrl: string): string {
  return `Bearer realm="WorkSynapse", resource_metadata="${publicUrl}${resourceMetadataPath}"`;
}
