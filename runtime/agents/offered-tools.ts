import { isForPeopleOnly } from '#core/action.js';
import { allowedActions } from '#core/agents/definition.js';
import { describeTool, ownTools } from '#core/agents/tools.js';
import type { ToolDescription } from '#core/ai/model-provider.js';
import { jsonSchemaOf } from '#core/expression/json-schema-types.js';
import { gatesBeforeInput } from '../authorize.js';
import type { Actor } from '../caller.js';
import type { Services } from '../services.js';
import type { OpenRun } from './agent-run.js';

/** The tools that an agent is told of now: what its version allows, and the present rights of its person let it do. */
export function offeredTools(
  { catalogue }: Pick<Services, 'catalogue'>,
  actor: Actor,
  { run, definition }: OpenRun,
): ToolDescription[] {
  const actions = allowedActions(definition).flatMap(({ name }) => {
    const action = catalogue.actions.get(name);
    if (!action || isForPeopleOnly(action)) return [];
    return gatesBeforeInput.some(({ refusal }) => refusal(actor, action)) ? [] : [describeTool(action)];
  });
  const own = Object.entries(ownTools).flatMap(([name, { description, input }]) => {
    if (name === 'delegate' && definition.delegates.length === 0) return [];
    if (name === 'ask_person' && run.isTask && run.depth > 0) return [];
    return [{ name, description, inputSchema: jsonSchemaOf(input, 'input') }];
  });
  return [...actions, ...own];
}
