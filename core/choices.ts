import { z } from 'zod';

/** Where the values come from that may stand in a field: an action of effect `read` that lists them. */
export interface ChoiceSource {
  /** Its name, such as `slack.list_channels`. One of an app is called with the connection of the step. */
  action: string;
  /** What the choices are, where a field has several sources: `Channels`. */
  title?: string;
  /** Field of an item that is the value; `value` unless given. */
  value?: string;
  /** Field of an item that people read; `label` unless given. */
  label?: string;
  /** Fields beside this one that the action is given as well. It is asked once they have a value. */
  given?: readonly string[];
  /** What else the action is given. */
  input?: Readonly<Record<string, string>>;
}

/**
 * Marks a field whose value people choose from a list: `z.string().meta(chosenFrom({ action: 'slack.list_channels' }))`.
 * Anything else that the schema takes may be typed all the same.
 */
export function chosenFrom(...sources: readonly ChoiceSource[]): { choices: readonly ChoiceSource[] } {
  return { choices: sources };
}

/** Input fields of an action that lists choices. */
export const choicesInput = {
  q: z.string().trim().max(200).optional().describe('Only what has this in its name'),
  cursor: z.string().max(2_000).optional().describe('nextCursor of the page before'),
};

/** What such an action gives. A page may be empty although there is a next one. */
export const ChoicesPage = z.object({
  items: z.array(
    z.object({
      value: z.string(),
      label: z.string(),
      hint: z.string().optional().describe('What tells it from others of the same name'),
    }),
  ),
  nextCursor: z.string().nullable().describe('Null on the last page'),
});

export type ChoicesPage = z.output<typeof ChoicesPage>;

/** True if the text is part of one of these; without a text always. */
export function isAmong(q: string | undefined, ...names: readonly (string | undefined)[]): boolean {
  if (q === undefined || q === '') return true;
  const wanted = q.toLowerCase();
  return names.some((name) => name?.toLowerCase().includes(wanted));
}

/** Members by the ids of their users, projects and automations: those of the organization that may be chosen. */
export const chosenFromMembers = chosenFrom({
  action: 'members.list',
  value: 'userId',
  label: 'name',
  input: { status: 'active', sort: 'name' },
});
export const chosenFromProjects = chosenFrom({
  action: 'projects.list',
  value: 'id',
  label: 'name',
  input: { sort: 'name' },
});
export const chosenFromAutomations = chosenFrom({
  action: 'automations.list',
  value: 'id',
  label: 'name',
  input: { sort: 'name' },
});
