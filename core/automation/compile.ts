import { z } from 'zod';
import { isForPeopleOnly, type Permission } from '../action.js';
import type { TriggerDescription } from '../catalogue.js';
import type { ConnectionUse } from '../connector.js';
import type { ErrorIssue } from '../errors.js';
import { AppError } from '../errors.js';
import { type JsonSchema, jsonSchemaOf } from '../expression/json-schema-types.js';
import { nextTimes } from '../timetable/timetable.js';
import { buildPlan } from './build-plan.js';
import { checkNodes } from './check-nodes.js';
import { automationIssues, type CheckedAutomation } from './check-references.js';
import type { AutomationDefinition } from './definition.js';
import { createExpressionCheck, noSteps } from './expression-check.js';
import { buildGraph, nodeIssue } from './graph.js';
import type { KnownAutomations } from './known-automation.js';
import { subflowAction } from './nodes/calling.js';
import { type AutomationNode, kindOf } from './nodes/index.js';
import type { Actions } from './nodes/node-kind.js';
import type { Plan } from './plan.js';
import { checkTemplates } from './template-check.js';
import { findTrigger, listenerTopic, type TriggerSources } from './triggers/find-trigger.js';
import { schemaOfInput } from './triggers/input-schema.js';
import { unknownTrigger } from './triggers/unknown-trigger.js';

/** What publishing knows of the world that the automation will run in. */
export interface CompileContext extends TriggerSources {
  actions: Actions;
  /** Connections of the organization: id to connector name. */
  connections: ReadonlyMap<string, string>;
  /** The automations that this one refers to, and those that they call in turn; none unless given. */
  automations?: KnownAutomations;
  /** Names of the organization's variables; none unless given. */
  variables?: ReadonlySet<string>;
  /** The automation itself, where it has been saved. */
  self?: CheckedAutomation;
  /** Milliseconds since 1970. */
  nowMs: number;
  /** True if the publisher has the permission now. */
  mayUse(permission: Permission): boolean;
}

export interface CompiledAutomation {
  plan: Plan;
  /** Permissions that the automation's grant needs: those of its actions, no others. */
  scopes: readonly Permission[];
  /** What it listens to; undefined: only people start it. */
  topic: string | undefined;
}

/**
 * Validates a definition and turns it into a plan. Throws `validation` with an issue for each mistake, which names
 * node and field: unknown fields and type clashes in expressions, cycles, unreachable nodes, unknown or forbidden
 * actions, missing connections.
 */
export function compileAutomation(
  definition: AutomationDefinition,
  context: CompileContext,
): CompiledAutomation {
  const trigger = findTrigger(definition.trigger, context);
  const { graph, issues } = buildGraph(definition);
  issues.push(...triggerIssues(definition, trigger, context));
  for (const node of definition.nodes) {
    issues.push(...referenceIssues(definition, node, context), ...answerIssues(definition, node, trigger));
  }
  issues.push(...pinnedIssues(definition));
  issues.push(...automationIssues(definition, context.automations, context.self));
  if (!graph || !trigger || issues.length > 0) throw unpublishable(issues);

  const triggerSchema = jsonSchemaOf(trigger.output, 'output');
  const { outputSchema } = definition.settings;
  const result = outputSchema && jsonSchemaOf(schemaOfInput(outputSchema), 'input');
  const known = { ...context, variables: context.variables ?? new Set(), outputSchema: result };
  const { checks, issues: found } = checkNodes(definition, graph, known, triggerSchema);
  issues.push(...found, ...whereIssues(definition, triggerSchema), ...keyIssues(definition, triggerSchema));
  if (issues.length > 0) throw unpublishable(issues);
  return {
    plan: buildPlan(definition, graph, checks, context.actions),
    scopes: scopesOf(definition, context),
    topic: listenerTopic(trigger),
  };
}

/** Names of steps that are not there. */
function pinnedIssues({ pinned, nodes }: AutomationDefinition): ErrorIssue[] {
  const known = new Set(nodes.map(({ id }) => id));
  const unknown = Object.keys(pinned?.steps ?? {}).filter((id) => !known.has(id));
  return unknown.map((id) => ({ path: `pinned.steps.${id}`, message: `there is no node ${id}` }));
}

function triggerIssues(
  { trigger }: AutomationDefinition,
  found: TriggerDescription | undefined,
  context: CompileContext,
): ErrorIssue[] {
  if (!found) return [unknownTrigger(trigger)];
  const problem = connectionProblem(trigger.connection, found, context);
  const issues = problem ? [{ node: 'trigger', path: 'trigger.connection', message: problem }] : [];
  const input = (found.input ?? z.strictObject({})).safeParse(trigger.input);
  for (const { path, message } of input.error?.issues ?? []) {
    issues.push({ node: 'trigger', path: ['trigger.input', ...path].join('.'), message });
  }
  const timetable = input.success ? found.timetable?.(input.data) : undefined;
  if (timetable && nextTimes(timetable, context.nowMs, 1).length === 0) {
    issues.push({ node: 'trigger', path: 'trigger.input.at', message: 'lies in the past' });
  }
  if (issues.length > 0 || !found.issues) return issues;
  const { connection } = trigger;
  return found
    .issues({ input: input.data, connection })
    .map(({ path, message }) => ({ node: 'trigger', path: `trigger.${path}`, message }));
}

function answerIssues(
  definition: AutomationDefinition,
  { id, type }: AutomationNode,
  trigger: TriggerDescription | undefined,
): ErrorIssue[] {
  if (type !== 'respond' || !trigger || trigger.takesAnswer) return [];
  const hint = trigger.name === 'webhook' ? '; set trigger.input.response to respond' : '';
  return [nodeIssue(definition, id, 'type', `nobody waits for an answer to ${trigger.name}${hint}`)];
}

function referenceIssues(
  definition: AutomationDefinition,
  node: AutomationNode,
  context: CompileContext,
): ErrorIssue[] {
  const call = kindOf(node).actionOf?.(node);
  if (!call) return [];
  const action = context.actions.get(call.action);
  if (!action || action.permission === 'public' || isForPeopleOnly(action)) {
    return [nodeIssue(definition, node.id, 'action', `there is no action ${call.action}`)];
  }
  const issues: ErrorIssue[] = [];
  if (node.type === 'action' && node.action === subflowAction) {
    issues.push(nodeIssue(definition, node.id, 'action', 'is done by a node of type subflow'));
  }
  if (!context.mayUse(action.permission)) {
    issues.push(
      nodeIssue(definition, node.id, 'action', `you may not use ${action.name} (${action.permission})`),
    );
  }
  const problem = connectionProblem(call.connection, action, context);
  if (problem) issues.push(nodeIssue(definition, node.id, 'connection', problem));
  return issues;
}

function connectionProblem(
  id: string | undefined,
  { connector, connection = 'required' }: { connector?: string; connection?: ConnectionUse },
  context: CompileContext,
): string | undefined {
  if (connector === undefined || connection === 'none')
    return id === undefined ? undefined : 'takes no connection';
  if (id === undefined) return connection === 'required' ? `needs a connection of ${connector}` : undefined;
  const actual = context.connections.get(id);
  if (actual === undefined) return 'there is no such connection';
  return actual === connector ? undefined : `is a connection of ${actual}, not of ${connector}`;
}

function whereIssues({ trigger }: AutomationDefinition, schema: JsonSchema): ErrorIssue[] {
  if (trigger.where === undefined) return [];
  const check = createExpressionCheck({ trigger: schema, steps: noSteps, nodeIds: new Set() });
  return checkTemplates(trigger.where, { type: 'boolean' }, check, 'trigger.where').map((issue) => ({
    ...issue,
    node: 'trigger',
  }));
}

/** The keys of limits see what `where` sees. */
function keyIssues({ settings }: AutomationDefinition, schema: JsonSchema): ErrorIssue[] {
  const check = createExpressionCheck({ trigger: schema, steps: noSteps, nodeIds: new Set() });
  return (['concurrency', 'debounce', 'throttle'] as const).flatMap((limit) => {
    const key = settings[limit]?.key;
    return key === undefined ? [] : checkTemplates(key, undefined, check, `settings.${limit}.key`);
  });
}

function scopesOf(definition: AutomationDefinition, context: CompileContext): Permission[] {
  const permissions = definition.nodes.flatMap((node) => {
    const call = kindOf(node).actionOf?.(node);
    return call ? (context.actions.get(call.action)?.permission ?? []) : [];
  });
  return [...new Set(permissions)].sort();
}

/** The error that says why an automation can't be published. */
export function unpublishable(issues: readonly ErrorIssue[]): AppError {
  const [first] = issues;
  const where = first?.node ? `${first.node}, ${first.path}` : first?.path;
  return new AppError('validation', `The automation can't be published: ${where}: ${first?.message}`, {
    issues,
  });
}
