import { z } from 'zod';
import { AgentDefinition } from '#core/agents/definition.js';
import { canonicalJson } from '#core/canonical-json.js';

/** What is different between two definitions of an agent. */
export const DefinitionDiff = z.object({
  isChanged: z.boolean(),
  fields: z
    .array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
    .describe('Fields other than the actions; one that is not there is null'),
  actions: z.object({
    added: z.array(z.unknown()),
    removed: z.array(z.unknown()),
    changed: z.array(z.object({ name: z.string(), before: z.unknown(), after: z.unknown() })),
  }),
});

/** Compares two definitions field by field, and their actions by name; in which order these stand does not matter. */
export function compareDefinitions(from: unknown, to: unknown): z.output<typeof DefinitionDiff> {
  const [before, after] = [AgentDefinition.parse(from), AgentDefinition.parse(to)];
  const names = Object.keys(AgentDefinition.shape).filter((name) => name !== 'actions');
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const fields = names.flatMap((field) => {
    const [old, fresh] = [was.get(field) ?? null, is.get(field) ?? null];
    return isSame(old, fresh) ? [] : [{ field, before: old, after: fresh }];
  });
  const known = new Map(before.actions.map((action) => [action.name, action]));
  const wanted = new Map(after.actions.map((action) => [action.name, action]));
  const actions = {
    added: after.actions.filter(({ name }) => !known.has(name)),
    removed: before.actions.filter(({ name }) => !wanted.has(name)),
    changed: after.actions.flatMap((action) => {
      const old = known.get(action.name);
      return old === undefined || isSame(old, action)
        ? []
        : [{ name: action.name, before: old, after: action }];
    }),
  };
  const isChanged = fields.length > 0 || Object.values(actions).some((list) => list.length > 0);
  return { isChanged, fields, actions };
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
