import type { z } from 'zod';
import { type ActionDescription, isOfPlatform } from './action.js';
import type { ConnectionUse, Connector, ConnectorAction, ConnectorTrigger } from './connector.js';
import { AppError } from './errors.js';
import type { EventDefinition } from './event.js';
import type { NotificationKind } from './notification.js';
import { sampleMisfit } from './sample-misfit.js';
import type { Timetable } from './timetable/timetable.js';

/** A business area: its actions and the events that they emit. */
export interface Domain<Action extends ActionDescription> {
  name: string;
  /** What it is about, in a sentence; the API's documentation shows it. */
  description: string;
  actions: readonly Action[];
  events: readonly EventDefinition[];
  /** What people are told of. */
  notifications?: readonly NotificationKind[];
}

/** What an automation can listen to, with the shape of `trigger`. */
export interface TriggerDescription {
  /** `manual`, `api`, `webhook`, `form`, `schedule`, `email`, `event`'s type, `error`, or `connector.event`. */
  name: string;
  title: string;
  /** What an automation says of it in `trigger.input`; nothing unless given. */
  input?: z.ZodType;
  output: z.ZodType;
  /**
   * An example of what it gives, to try a draft with, for what the automation says in `trigger.input`. `nowMs` is the
   * present, which moments in it go by.
   */
  sample(input: unknown, nowMs: number): unknown;
  /** The app whose connection it uses. */
  connector?: string;
  /** Whether it needs that connection; `required` unless given. */
  connection?: ConnectionUse;
  /** Whoever fires it may wait for the answer of a `respond` node. */
  takesAnswer?: boolean;
  /** What is known more of it once its input is. */
  describe?(input: unknown): Partial<Pick<TriggerDescription, 'output' | 'takesAnswer'>>;
  /** What is wrong with a valid input in its place. */
  issues?(trigger: {
    input: unknown;
    connection?: string | undefined;
  }): readonly { path: string; message: string }[];
  /** Of what the clock starts: when, by the trigger's input. Throws if the input is not valid. */
  timetable?(input: unknown): Timetable;
  /** The clock does not start runs, but makes the app be asked for news. */
  isPolled?: true;
}

export interface Catalogue<Action extends ActionDescription> {
  domains: ReadonlyMap<string, Domain<Action>>;
  actions: ReadonlyMap<string, Action | ConnectorAction>;
  connectors: ReadonlyMap<string, Connector>;
  events: ReadonlyMap<string, EventDefinition>;
  /** Of what people are told, by name. */
  notifications: ReadonlyMap<string, NotificationKind>;
  /** Triggers of connectors, by name. */
  triggers: ReadonlyMap<string, TriggerDescription>;
  /** Every `resource:verb` that some action asks for and a role can hold, sorted. */
  permissions: readonly string[];
  /** Throws `not_found`. */
  action(name: string): Action | ConnectorAction;
  /** Throws `not_found`. */
  connector(name: string): Connector;
}

const effects = new Set(['read', 'write', 'send', 'destroy']);
const namePattern = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;
const permissionPattern = /^([a-z][a-z0-9_]*:[a-z][a-z0-9_]*|public|self)$/;

/**
 * Lists everything that can be done, once. Throws one Error with every mistake: duplicate names or routes, a missing
 * effect or permission, an unknown event, a name that is not `domain.verb`, a trigger's sample that is none of it.
 */
export function createCatalogue<Action extends ActionDescription>(
  domains: readonly Domain<Action>[],
  connectors: readonly Connector[],
): Catalogue<Action> {
  const mistakes: string[] = [];
  const index = <Item>(kind: string, items: readonly Item[], key: (item: Item) => string) => {
    const map = new Map<string, Item>();
    for (const item of items) {
      if (map.has(key(item))) mistakes.push(`${kind} ${key(item)} is defined twice`);
      map.set(key(item), item);
    }
    return map;
  };

  const domainsByName = index('domain', domains, (domain) => domain.name);
  const events = index(
    'event',
    domains.flatMap((domain) => domain.events),
    (event) => event.type,
  );
  const notifications = index(
    'notification',
    domains.flatMap((domain) => domain.notifications ?? []),
    (kind) => kind.name,
  );
  for (const { name, causes, ends = [] } of notifications.values()) {
    const unknown = [...causes, ...ends].filter(({ event }) => !events.has(event));
    mistakes.push(
      ...unknown.map(({ event }) => `notification ${name} tells of ${event}, which no domain defines`),
    );
  }
  const all = [...domains.flatMap((domain) => domain.actions), ...connectors.flatMap((app) => app.actions)];
  const actions = index('action', all, (action) => action.name);
  index(
    'route',
    all.flatMap((action) => action.http ?? []),
    // Names of parameters do not tell two routes apart.
    (route) => `${route.method} ${route.path.replace(/:\w+/g, ':name')}`,
  );
  for (const action of all) mistakes.push(...mistakesOf(action, events));
  const connectorsByName = index('connector', connectors, (connector) => connector.name);
  mistakes.push(...connectors.flatMap((app) => app.triggers.flatMap(sampleMistakes)));
  const triggers = index('trigger', connectors.flatMap(describeTriggers), (trigger) => trigger.name);
  if (mistakes.length > 0) throw new Error(`The catalogue is not usable: ${mistakes.join('; ')}`);

  return {
    domains: domainsByName,
    actions,
    connectors: connectorsByName,
    events,
    notifications,
    triggers,
    permissions: [...new Set(all.map((action) => action.permission))]
      .filter((name) => name !== 'public' && name !== 'self' && !isOfPlatform(name))
      .sort(),
    action: (name) => found(actions.get(name), `There is no action ${name}`),
    connector: (name) => found(connectorsByName.get(name), `There is no connector ${name}`),
  };
}

function mistakesOf(action: ActionDescription, events: ReadonlyMap<string, EventDefinition>): string[] {
  const mistakes: string[] = [];
  if (!namePattern.test(action.name)) mistakes.push(`action ${action.name} is not named domain.verb`);
  if (!effects.has(action.effect)) mistakes.push(`action ${action.name} has no effect`);
  if (!permissionPattern.test(action.permission ?? ''))
    mistakes.push(`action ${action.name} has no permission`);
  if (action.isInOrganization && !isOfPlatform(action.permission ?? ''))
    mistakes.push(`action ${action.name} enters an organization, and is not for super-users`);
  for (const type of action.emits ?? []) {
    if (!events.has(type)) mistakes.push(`action ${action.name} emits ${type}, which no domain defines`);
  }
  return mistakes;
}

function sampleMistakes({ name, output, sample }: ConnectorTrigger): string[] {
  const misfit = sampleMisfit(output, sample);
  return misfit === undefined ? [] : [`trigger ${name} has a sample that does not fit its output: ${misfit}`];
}

function describeTriggers(connector: Connector): TriggerDescription[] {
  return connector.triggers.map(({ name, title, output, sample, poll }) => ({
    name,
    title,
    output,
    sample: () => sample,
    connector: connector.name,
    ...(poll && { input: poll.input, timetable: poll.timetable, isPolled: true as const }),
  }));
}

function found<Item>(item: Item | undefined, message: string): Item {
  if (item === undefined) throw new AppError('not_found', message);
  return item;
}
