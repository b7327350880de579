import { z } from 'zod';
import { type ActionDescription, defineAction, isForPeopleOnly } from '#core/action.js';
import { connectorActionPaths } from '#core/connector-paths.js';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import type { Services } from '#runtime/services.js';
import { JsonSchema, toJsonSchema } from './json-schema.js';

const StepSummary = z.object({
  name: z.string().describe('As in the field `action` of a node'),
  title: z.string(),
  description: z.string(),
  effect: z.enum(['read', 'write', 'send', 'destroy']),
  permission: z.string(),
  module: z.string().nullable().describe('The flag that it is gone with'),
  connector: z.string().nullable().describe('The app that it belongs to'),
  connection: z.enum(['required', 'optional', 'none']),
});

export const Step = StepSummary.extend({
  input: JsonSchema,
  output: JsonSchema,
  operation: z
    .object({
      method: z.enum(['get', 'post', 'put', 'patch', 'delete']),
      path: z.string().describe('Below /v1, with `:name` for fields of the input'),
    })
    .nullable()
    .describe('How it is called by itself; with `:connectionId` in it, through a connection'),
});

export const listSteps = defineAction({
  name: 'catalogue.list_steps',
  title: 'List steps',
  description: 'Lists every action that a step of an automation can perform.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/catalogue/steps' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(StepSummary) }),
  run: async ({ services }: DomainContext) => ({ items: stepsOf(services).map(summaryOf) }),
});

/** Describes an action as forms and expressions need it. Throws `not_found`. */
export const getStep = defineAction({
  name: 'catalogue.get_step',
  title: 'Describe step',
  description: 'Tells what an action of a step takes and gives.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/catalogue/steps/:name' },
  input: z.strictObject({ name: z.string().max(200) }),
  output: Step,
  async run({ services }: DomainContext, { name }) {
    const action = stepsOf(services).find((step) => step.name === name);
    if (!action) throw new AppError('not_found', 'There is no such step');
    const { input, output } = action;
    return {
      ...summaryOf(action),
      input: toJsonSchema(input, 'input'),
      output: toJsonSchema(output, 'output'),
      operation: operationOf(action),
    };
  },
});

function operationOf(action: Action): z.output<typeof Step>['operation'] {
  if (!('connector' in action)) return action.http ?? null;
  const [path] = connectorActionPaths(action);
  return path === undefined ? null : { method: 'post', path };
}

type Action = ReturnType<Services['catalogue']['action']>;

function stepsOf({ catalogue }: Services): Action[] {
  return [...catalogue.actions.values()].filter(isStep);
}

/** What publishing lets a node of type `action` perform; `code.run` and subflows have node types of their own. */
function isStep(action: ActionDescription): boolean {
  const hasOwnType = action.name === 'code.run' || action.name === 'automations.run_subflow';
  return action.permission !== 'public' && !isForPeopleOnly(action) && !hasOwnType;
}

function summaryOf(action: Action): z.output<typeof StepSummary> {
  const { name, title, description, effect, permission, module = null } = action;
  const isOfApp = 'connector' in action;
  return {
    ...{ name, title, description, effect, permission, module },
    connector: isOfApp ? action.connector : null,
    connection: isOfApp ? action.connection : 'none',
  };
}
