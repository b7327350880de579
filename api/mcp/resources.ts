import {
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ActionDescription } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { ApiApp } from '../api-app.js';
import { inputFields } from '../openapi/json-schema.js';
import type { McpCall } from './mcp-call.js';
import { pageAfter } from './pages.js';
import { isTool } from './tools.js';

/** Records that are shown one by one: what has an action `<name>.get` with an id. */
export interface RecordKind {
  /** As in `tasks.get`. */
  name: string;
  get: ActionDescription;
  list: ActionDescription | undefined;
}

const scheme = 'worksynapse';
const mimeType = 'application/json';
const uriPattern = /^worksynapse:\/\/([a-z][a-z0-9_]*)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
/** Kinds whose records one page of the list has, and how many of each. */
const kindsOfPage = 4;
const recentOfKind = 20;

const Listed = z.object({ items: z.array(z.looseObject({ id: z.string() })) });
const Titled = z.object({
  title: z.string().optional(),
  name: z.string().optional(),
  summary: z.string().optional(),
});

export function recordKindsOf(actions: ReadonlyMap<string, ActionDescription>): RecordKind[] {
  return [...actions.values()].flatMap((get) => {
    const [name = '', verb] = get.name.split('.');
    const isRecord =
      verb === 'get' && get.effect === 'read' && isTool(get) && inputFields(get.input).has('id');
    return isRecord ? [{ name, get, list: actions.get(`${name}.list`) }] : [];
  });
}

/** The templates of the records that the caller may read. */
export function listTemplates(kinds: readonly RecordKind[]): ListResourceTemplatesResult {
  return {
    resourceTemplates: kinds.map(({ name, get }) => ({
      uriTemplate: `${scheme}://${name}/{id}`,
      name,
      title: name.replaceAll('_', ' '),
      description: get.description,
      mimeType,
    })),
  };
}

/** The first records of each kind as its list has them, a few kinds a page. Throws as the lists do. */
export async function listRecent(
  app: ApiApp,
  { caller, requestId, origin }: McpCall,
  kinds: readonly RecordKind[],
  cursor: string | undefined,
): Promise<ListResourcesResult> {
  const listed = kinds.filter(({ list }) => list !== undefined);
  const page = pageAfter(listed, { cursor, size: kindsOfPage, nameOf: ({ name }) => name });
  const resources: Resource[] = [];
  for (const { name } of page.items) {
    const input = { limit: recentOfKind };
    const { items } = Listed.parse(await app.perform(caller, `${name}.list`, input, { requestId, origin }));
    resources.push(...items.map((row) => describeRow(name, row)));
  }
  return { resources, ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }) };
}

/**
 * One record. Throws ResourceNotFoundError for an address that leads nowhere, and for what the caller can't know of;
 * ProtocolError for other refusals.
 */
export async function readRecord(
  app: ApiApp,
  call: McpCall,
  kinds: readonly RecordKind[],
  uri: string,
): Promise<ReadResourceResult> {
  const [, name, id] = uriPattern.exec(uri) ?? [];
  const kind = kinds.find((one) => one.name === name);
  if (!kind) throw new ResourceNotFoundError(uri);
  const { caller, requestId, origin } = call;
  call.noteAction(kind.get.name);
  const record = await app
    .perform(caller, kind.get.name, { id }, { requestId, origin })
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') throw new ResourceNotFoundError(uri);
      throw asProtocolError(call, error);
    });
  return { contents: [{ uri, mimeType, text: JSON.stringify(record) }] };
}

/** An error outside of a tool's result: with the problem as its data. */
export function asProtocolError(call: McpCall, error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  const problem = call.problemOf(error);
  const code = problem.status >= 500 ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidRequest;
  return new ProtocolError(code, `${problem.code}: ${problem.detail}`, problem);
}

function describeRow(kind: string, row: z.output<typeof Listed>['items'][number]): Resource {
  const { title, name, summary } = Titled.safeParse(row).data ?? {};
  return {
    uri: `${scheme}://${kind}/${row.id}`,
    name: `${kind}/${row.id}`,
    title: (title ?? name ?? summary ?? row.id).slice(0, 200),
    mimeType,
  };
}
