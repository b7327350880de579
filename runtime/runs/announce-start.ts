import { type Hub, hubTopic } from '../hub/hub.js';
import type { StartableGroup } from './run-group.js';

/** Tells whoever watches an organization's runs that some have begun. Their ends are told by whoever records them. */
export function announceStart(
  hub: Pick<Hub, 'publish'>,
  { orgId, automationId }: Pick<StartableGroup, 'orgId' | 'automationId'>,
): void {
  hub.publish(hubTopic.runs(orgId), { type: 'begun', id: automationId });
}
