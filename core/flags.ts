/** What an organization has, from least to most. */
export const plans = ['free', 'pro', 'enterprise'] as const;

export type Plan = (typeof plans)[number];

export interface FlagDefinition {
  /** A module is a part of the product, whose actions are gone where it is off; a feature is one ability within. */
  kind: 'module' | 'feature';
  title: string;
  description: string;
  /** Where it is on, unless the organization switches it off. Elsewhere it is off. The platform can say otherwise. */
  plans: readonly Plan[];
}

/** Everything that organizations can switch. */
export const flags = {
  work: {
    kind: 'module',
    title: 'Projects and tasks',
    description: 'Projects, their tasks and boards.',
    plans,
  },
  ai: {
    kind: 'module',
    title: 'Language models',
    description: 'Calls of language models, and what bounds them.',
    plans,
  },
  agents: {
    kind: 'module',
    title: 'Agents',
    description: 'Workers that act by a language model, their conversations and memories.',
    plans,
  },
  invite_codes: {
    kind: 'feature',
    title: 'Invite codes',
    description: 'Codes with which several people can join.',
    plans,
  },
} as const satisfies Readonly<Record<string, FlagDefinition>>;

export type FlagName = keyof typeof flags;

export const flagNames = Object.keys(flags).filter((name): name is FlagName => name in flags);

/** What an organization says itself, by name; what it does not say follows from its plan. */
export type FlagOverrides = Readonly<Record<string, boolean>>;

/** True if the plan has it; where the platform has said something for this organization, that counts instead. */
export function isWithinPlan(
  { plans: within }: FlagDefinition,
  plan: Plan,
  imposed: boolean | undefined,
): boolean {
  return imposed ?? within.includes(plan);
}

/** True if the organization has it and has not switched it off. */
export function isFlagOn(
  definition: FlagDefinition,
  plan: Plan,
  override: boolean | undefined,
  imposed?: boolean,
): boolean {
  return isWithinPlan(definition, plan, imposed) && override !== false;
}

/** The flags that are off. `imposed` is what the platform has said in place of the plan. */
export function flagsOff(plan: Plan, overrides: FlagOverrides, imposed: FlagOverrides = {}): FlagName[] {
  return flagNames.filter((name) => !isFlagOn(flags[name], plan, overrides[name], imposed[name]));
}
