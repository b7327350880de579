import type { Tool } from '@modelcontextprotocol/server';
import type { ActionDescription } from '#core/action.js';
import type { ConnectionUse, ConnectorAction } from '#core/connector.js';
import type { Action } from '#runtime/domain.js';
import { asArray, asObject, type JsonSchema, toJsonSchema } from '../openapi/json-schema.js';

type AnyAction = Action | ConnectorAction;

/** The catalogue's actions as tools of the Model Context Protocol. */
export interface Tools {
  /** Undefined for what is no tool. */
  action(toolName: string): AnyAction | undefined;
  describe(action: AnyAction): Tool;
}

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * The tool's name of an action. Providers of models take no dots in names, so that `tasks.create` is `tasks_create`;
 * `createTools` refuses two actions of one name.
 */
export function toolNameOf(action: Pick<ActionDescription, 'name'>): string {
  return action.name.replace('.', '_');
}

/** True for what a program may be offered at all: nothing public, nothing that holds secrets or asks for a recent sign-in. */
export function isTool({ permission, needsRecentSignIn, holdsSecret }: ActionDescription): boolean {
  return permission !== 'public' && !needsRecentSignIn && !holdsSecret;
}

/** Throws for a name that two actions would have, or that clients do not take. */
export function createTools(actions: Iterable<AnyAction>): Tools {
  const byName = new Map<string, AnyAction>();
  const described = new Map<AnyAction, Tool>();
  for (const action of [...actions].filter(isTool)) {
    const name = toolNameOf(action);
    if (byName.has(name) || !namePattern.test(name)) throw new Error(`No tool can be named ${name}`);
    byName.set(name, action);
  }
  return {
    action: (name) => byName.get(name),
    describe(action) {
      const known = described.get(action) ?? describeTool(action);
      described.set(action, known);
      return known;
    },
  };
}

function describeTool(action: AnyAction): Tool {
  const { name, title, description, effect, http, permission } = action;
  return {
    name: toolNameOf(action),
    title,
    description,
    inputSchema: inputSchemaOf(action),
    annotations: {
      title,
      readOnlyHint: effect === 'read',
      destructiveHint: effect === 'destroy',
      idempotentHint: effect === 'read' || http?.method === 'put' || http?.method === 'delete',
      openWorldHint: effect === 'send' || action.kind === 'connector',
    },
    _meta: { 'worksynapse/action': name, 'worksynapse/permission': permission, 'worksynapse/effect': effect },
  };
}

function inputSchemaOf(action: AnyAction): Tool['inputSchema'] {
  const schema = toJsonSchema(action.input, 'input');
  if (action.kind !== 'connector' || action.connection === 'none') return { ...schema, type: 'object' };
  return { ...withConnection(schema, action.connection), type: 'object' };
}

/** An app's action says by which connection, beside its own fields. */
function withConnection(schema: JsonSchema, use: ConnectionUse): JsonSchema {
  const connectionId = {
    type: 'string',
    format: 'uuid',
    description: 'The connection of the app, from connections_list',
  };
  const required = asArray(schema.required);
  return {
    ...schema,
    properties: { ...asObject(schema.properties), connectionId },
    required: use === 'required' ? [...required, 'connectionId'] : required,
  };
}
