import { z } from 'zod';
import type { ConnectorContext, ConnectorTrigger } from './connector.js';
import { parseDuration } from './duration.js';
import { durationText } from './duration-text.js';
import type { Timetable } from './timetable/timetable.js';

const minute = 60_000;
const day = 86_400_000;

/** One thing that is new at the app. */
export interface PolledItem<Payload = unknown> {
  /** The app's own id. Items of one automation with the same id are one item. */
  id: string;
  payload: Payload;
}

/** One answer of an app that was asked for news. */
export interface PolledPage<Cursor = unknown, Payload = unknown> {
  /** Oldest first. */
  items: readonly PolledItem<Payload>[];
  /** Where to go on: JSON. It is kept once the items are. */
  cursor: Cursor;
  /** There is more after this cursor already. */
  hasMore: boolean;
}

/** How an app is asked for news. */
export interface PollDefinition {
  /** What the automation says in `trigger.input`, with `every`: the interval at which the app is asked. */
  input: z.ZodType;
  timetable(input: unknown): Timetable;
  /**
   * Asks for what is new since the cursor. Without one, for where the present is: nothing of that page starts a run.
   * Throws AppError: `credentials_expired`, `limit_exceeded` with how long to wait, `provider_unavailable` and others.
   */
  poll(context: ConnectorContext, input: unknown, cursor: unknown): Promise<PolledPage>;
}

export interface PolledTriggerDefinition<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Cursor extends z.ZodType,
  Config,
  Secret,
> {
  /** `connector.event`, such as `github.new_commit`. */
  name: string;
  title: string;
  description: string;
  /** What tells which news are wanted. */
  input: Input;
  /** What `trigger` holds in expressions: the payload of one item. */
  output: Output;
  /** An example of such a payload. */
  sample: z.output<Output>;
  cursor: Cursor;
  /** The interval where the automation names none, such as `5m`; at least a minute. */
  defaultEvery: string;
  poll(
    context: ConnectorContext<Config, Secret>,
    input: z.output<Input>,
    cursor: z.output<Cursor> | undefined,
  ): Promise<PolledPage<z.input<Cursor>, z.input<Output>>>;
}

/** A trigger of an app that has no webhook for it, or whose webhook an organization may not be able to set up. */
export function definePolledTrigger<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Cursor extends z.ZodType,
  Config,
  Secret,
>(definition: PolledTriggerDefinition<Input, Output, Cursor, Config, Secret>): ConnectorTrigger {
  const { name, title, description, output, sample, cursor: Cursor, defaultEvery } = definition;
  const Interval = z.object({ every: durationText(minute, 31 * day).default(defaultEvery) });
  return {
    name,
    title,
    description,
    output,
    sample,
    poll: {
      input: z.strictObject({ ...definition.input.shape, ...Interval.shape }),
      timetable(input) {
        const everyMs = parseDuration(Interval.parse(input).every) ?? minute;
        return { kind: 'every', everyMs, fromMs: 0, timeZone: 'UTC' };
      },
      async poll(context, input, cursor) {
        // Config and secret come parsed: the vault reads them with the connector's schemas.
        const own = context as ConnectorContext<Config, Secret>;
        const known = cursor === undefined ? undefined : Cursor.parse(cursor);
        const page = await definition.poll(own, definition.input.parse(input), known);
        return {
          ...page,
          items: page.items.map(({ id, payload }) => ({ id, payload: output.parse(payload) })),
        };
      },
    },
  };
}
