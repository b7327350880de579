import type { AutomationTrigger } from '#core/automation/definition.js';
import type { Catalogue } from '#core/catalogue.js';
import type { ConnectionUse, ConnectorTrigger } from '#core/connector.js';
import type { PollDefinition } from '#core/polled-trigger.js';
import type { Action } from '../domain.js';

/** A trigger for which an app is asked for news, with what its connection needs. */
export interface PolledTrigger {
  name: string;
  connector: string;
  connection: ConnectionUse;
  poll: PollDefinition;
}

/** The polled trigger that an automation names; undefined if it names another kind. */
export function findPolledTrigger(
  catalogue: Catalogue<Action>,
  { type }: AutomationTrigger,
): PolledTrigger | undefined {
  const known = catalogue.triggers.get(type);
  if (!known?.isPolled || known.connector === undefined) return undefined;
  const trigger = catalogue.connector(known.connector).triggers.find(({ name }) => name === type);
  return trigger && withPoll(trigger, known.connector, known.connection ?? 'required');
}

function withPoll(
  { name, poll }: ConnectorTrigger,
  connector: string,
  connection: ConnectionUse,
): PolledTrigger | undefined {
  return poll && { name, connector, connection, poll };
}
