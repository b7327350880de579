import type { ErrorIssue } from '../errors.js';
import type { AutomationDefinition } from './definition.js';
import { nodeIssue } from './graph.js';
import { type KnownAutomations, problemOfStarting } from './known-automation.js';
import { ErrorTriggerInput } from './triggers/error.js';

/** The automation that is being checked, where it has been saved. */
export interface CheckedAutomation {
  id: string;
  name: string;
}

/** Ids of the automations that a definition calls as subflows. */
export function subflowsOf({ nodes }: Pick<AutomationDefinition, 'nodes'>): string[] {
  return [...new Set(nodes.flatMap((node) => (node.type === 'subflow' ? [node.automation] : [])))];
}

/** Ids of all automations that a definition refers to. */
export function referencesOf(definition: AutomationDefinition): string[] {
  const { settings } = definition;
  const watched = watchedBy(definition);
  return [...subflowsOf(definition), ...(settings.onFailure ? [settings.onFailure] : []), ...watched];
}

/** Automations whose failures start this one; empty where it hears of all, or of none. */
export function watchedBy({ trigger }: Pick<AutomationDefinition, 'trigger'>): readonly string[] {
  if (trigger.type !== 'error') return [];
  return ErrorTriggerInput.safeParse(trigger.input).data?.automations ?? [];
}

/** What is wrong with references to other automations: one that is not there, or subflows that lead back to this one. */
export function automationIssues(
  definition: AutomationDefinition,
  automations: KnownAutomations = new Map(),
  self?: CheckedAutomation,
): ErrorIssue[] {
  const issues: ErrorIssue[] = [];
  for (const node of definition.nodes) {
    if (node.type !== 'subflow' || !self) continue;
    const way = wayBack(node.automation, self, automations);
    if (way) issues.push(nodeIssue(definition, node.id, 'automation', `leads in a circle: ${way}`));
  }
  const { onFailure } = definition.settings;
  if (onFailure !== undefined) {
    const message =
      onFailure === self?.id ? 'must be another automation' : problemOfStarting(automations.get(onFailure));
    if (message !== undefined) issues.push({ path: 'settings.onFailure', message });
  }
  for (const [index, id] of watchedBy(definition).entries()) {
    if (id === self?.id || automations.has(id)) continue;
    const path = `trigger.input.automations.${index}`;
    issues.push({ node: 'trigger', path, message: 'there is no such automation' });
  }
  return issues;
}

/** The names on the way from an automation to the one that is checked and would call it; undefined if there is no way. */
function wayBack(from: string, self: CheckedAutomation, automations: KnownAutomations): string | undefined {
  const seen = new Set<string>();
  const search = (id: string): string[] | undefined => {
    if (id === self.id) return [self.name];
    const automation = automations.get(id);
    if (!automation || seen.has(id)) return undefined;
    seen.add(id);
    for (const called of automation.calls) {
      const rest = search(called);
      if (rest) return [automation.name, ...rest];
    }
    return undefined;
  };
  const way = search(from);
  return way && [self.name, ...way].map((name) => `"${name}"`).join(' → ');
}
