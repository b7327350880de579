import { Server } from '@modelcontextprotocol/server';
import { callTool, type ToolServices } from './call-tool.js';
import type { McpCall } from './mcp-call.js';
import { pageAfter } from './pages.js';
import { asProtocolError, listRecent, listTemplates, type RecordKind, readRecord } from './resources.js';
import { isTool } from './tools.js';

const toolsOfPage = 100;

const instructions =
  'The work of one organization in WorkSynapse: its projects, tasks, people, automations and apps. Each tool is an action ' +
  'of its API, with the rights of the API key or session that you use; tools that you may not use are not listed. Lists ' +
  'come in pages: pass nextCursor as cursor. Changes take a version where they could meet another. A tool that starts an ' +
  'automation waits for its result with wait: true. Records can be read as resources, worksynapse://tasks/<id>.';

/** A server for one request, with what its caller may do at this moment. */
export function createMcpServer(
  services: ToolServices & { version: string; kinds: readonly RecordKind[] },
  call: McpCall,
): Server {
  const { app, tools, version, kinds } = services;
  const server = new Server(
    { name: 'worksynapse', title: 'WorkSynapse', version },
    { capabilities: { tools: {}, resources: {} }, instructions },
  );
  const permitted = () => app.permittedActions(call.caller);
  const readable = async () => {
    const names = new Set((await permitted()).map(({ name }) => name));
    return kinds
      .filter(({ get }) => names.has(get.name))
      .map(({ list, ...kind }) => ({ ...kind, list: list && names.has(list.name) ? list : undefined }));
  };

  server.setRequestHandler('tools/list', (request) =>
    told(async () => {
      const offered = (await permitted()).filter(isTool).map(tools.describe);
      const page = pageAfter(offered, {
        cursor: request.params?.cursor,
        size: toolsOfPage,
        nameOf: ({ name }) => name,
      });
      return { tools: page.items, ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }) };
    }),
  );
  server.setRequestHandler('tools/call', (request, context) => callTool(services, call, request, context));
  server.setRequestHandler('resources/list', (request) =>
    told(async () => listRecent(app, call, await readable(), request.params?.cursor)),
  );
  server.setRequestHandler('resources/templates/list', () =>
    told(async () => listTemplates(await readable())),
  );
  server.setRequestHandler('resources/read', (request) =>
    told(async () => readRecord(app, call, await readable(), request.params.uri)),
  );
  return server;

  async function told<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw asProtocolError(call, error);
    }
  }
}
