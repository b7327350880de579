import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Services } from '#runtime/services.js';
import { type FiringOutcome, fireSchedule } from '#runtime/triggers/fire-schedule.js';
import { type PollOutcome, pollTrigger } from '#runtime/triggers/poll-trigger.js';
import { toFailure } from './failure.js';

/** The version of an automation that the clock is set for. */
export interface ScheduledVersion {
  orgId: string;
  automationId: string;
  version: number;
}

export interface ScheduleActivities {
  /** Makes a delivery of a firing. One that is buffered is tried again until no earlier run goes on. */
  fireSchedule(
    firing: ScheduledVersion & { scheduledAtMs: number; isBuffered: boolean },
  ): Promise<FiringOutcome>;
  /** Asks an app for news and makes a delivery of each item. */
  pollTrigger(version: ScheduledVersion): Promise<PollOutcome>;
}

/** The activities of the workflows that the clock starts. */
export function createScheduleActivities(services: Services): ScheduleActivities {
  return {
    async fireSchedule(firing) {
      const outcome = await fireSchedule(services, { ...firing, nowMs: Date.now() }).catch(asFailure);
      if (outcome !== 'busy' || !firing.isBuffered) return outcome;
      throw notYet();
    },
    async pollTrigger(version) {
      const signal = Context.current().cancellationSignal;
      return pollTrigger(services, { ...version, signal }).catch(asFailure);
    },
  };
}

/** Has the engine try again; nothing is wrong. */
function notYet(): ApplicationFailure {
  const message = 'An earlier run goes on';
  const failure = ApplicationFailure.create({ type: 'conflict', message, category: 'BENIGN' });
  // It would be kept in the history.
  failure.stack = '';
  return failure;
}

function asFailure(error: unknown): never {
  throw toFailure(error, false);
}
