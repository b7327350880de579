import { z } from 'zod';
import type { ActionDescription } from '../action.js';
import type { ToolDescription } from '../ai/model-provider.js';
import { jsonSchemaOf } from '../expression/json-schema-types.js';
import { memoryAction } from './memory.js';

/** What writing memories is called as a tool. */
const memoryTool = 'remember';

/** The name of an action as models take it: they take no dots, and no action has a dash. */
export function toolNameOf(action: string): string {
  return action === memoryAction ? memoryTool : action.replace('.', '-');
}

/** The action that a model means. */
export function actionOfTool(tool: string): string {
  return tool === memoryTool ? memoryAction : tool.replace('-', '.');
}

/** An action as a model is told of it. */
export function describeTool({ name, title, description, input }: ActionDescription): ToolDescription {
  return {
    name: toolNameOf(name),
    description: `${title}. ${description}`,
    inputSchema: jsonSchemaOf(input, 'input'),
  };
}

/** What every agent can do beside actions: ask, wait, hand on. */
export const ownTools = {
  ask_person: {
    description: 'Asks the person on whose behalf you act a question, and waits for the answer.',
    input: z.strictObject({ question: z.string().trim().min(1).max(5_000) }),
  },
  wait: {
    description: 'Waits before going on, for example until something can be looked at again.',
    input: z.strictObject({
      minutes: z
        .number()
        .min(0.1)
        .max(60 * 24 * 30),
    }),
  },
  delegate: {
    description: 'Hands a piece of work to another agent, and waits for its result.',
    input: z.strictObject({ agent: z.string().min(1).max(200), task: z.string().trim().min(1).max(20_000) }),
  },
} as const;

export type OwnTool = keyof typeof ownTools;

/** True for the name of a tool that is no action. */
export function isOwnTool(name: string): name is OwnTool {
  return Object.hasOwn(ownTools, name);
}
