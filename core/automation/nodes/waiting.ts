import { z } from 'zod';
import { parseDuration } from '../../duration.js';
import { durationText } from '../../duration-text.js';
import { ApprovalField, Approvers, Escalation, Reminders } from '../approval.js';
import { defaultHandle } from '../plan.js';
import type { FieldIssue } from '../template-check.js';
import { commonFields, template, templateRecord } from './node-fields.js';
import { defineNodeKind } from './node-kind.js';

const year = 365 * 86_400_000;
const timeoutHandle = 'timeout';
const timeout = durationText(1_000, year);
const text = { type: 'string' };

/** Lets time pass, or waits for something to happen. */
export const wait = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('wait'),
    /** One of the three: how long, until when (ISO 8601), or for which event. */
    input: z.strictObject({
      duration: template.optional(),
      until: template.optional(),
      /** Type of an event, such as `task.completed`. */
      event: z.string().optional(),
      /** What the event's payload has to contain. */
      match: templateRecord.optional(),
    }),
    /** Of an event: after this long the run goes on by the handle `timeout`. */
    timeout: timeout.optional(),
  }),
  handles: (node) => (node.timeout === undefined ? [defaultHandle] : [defaultHandle, timeoutHandle]),
  templates: ({ input }) => [
    { field: 'input.duration', value: input.duration, schema: text },
    { field: 'input.until', value: input.until, schema: text },
    { field: 'input.match', value: input.match, schema: undefined },
  ],
  issues: ({ input, timeout: limit }, { events }) => {
    const { duration, until, event, match } = input;
    if ([duration, until, event].filter((value) => value !== undefined).length !== 1) {
      return [{ path: 'input', message: 'needs one of duration, until and event' }];
    }
    if (event !== undefined && !events.has(event)) {
      return [{ path: 'input.event', message: `there is no event ${event}` }];
    }
    if (event === undefined && match !== undefined)
      return [{ path: 'input.match', message: 'is for an event' }];
    if (event === undefined && limit !== undefined) return [{ path: 'timeout', message: 'is for an event' }];
    if (isLiteral(duration) && parseDuration(duration) === undefined) {
      return [{ path: 'input.duration', message: 'must be a duration such as 30s, 5m or 2h' }];
    }
    if (isLiteral(until) && Number.isNaN(Date.parse(until))) {
      return [{ path: 'input.until', message: 'must be a moment such as 2030-01-31T09:00:00Z' }];
    }
    return [];
  },
  isHeavy: true,
  plan: ({ type, input, timeout: limit }) => ({
    type,
    duration: input.duration,
    until: input.until,
    event: input.event,
    match: input.match ?? {},
    timeoutMs: limit === undefined ? undefined : parseDuration(limit),
  }),
});

/** Asks people for a decision. */
export const approval = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('approval'),
    input: z.strictObject({ title: template, message: template.optional() }),
    approvers: Approvers,
    /** What those who decide fill in. */
    fields: z.array(ApprovalField).max(50).default([]),
    /** After this long without a decision the run goes on by the handle `timeout`. */
    timeout: timeout.optional(),
    reminders: Reminders.optional(),
    escalation: Escalation.optional(),
  }),
  handles: (node) => ['approved', 'rejected', ...(node.timeout === undefined ? [] : [timeoutHandle])],
  templates: ({ input }) => [
    { field: 'input.title', value: input.title, schema: text },
    { field: 'input.message', value: input.message, schema: text },
  ],
  issues: (node) => [...fieldIssues(node.fields), ...noticeIssues(node)],
  shape: () => ({
    fields: {
      decision: 'string',
      comment: 'dyn',
      fields: 'map<string, dyn>',
      decidedBy: 'list<string>',
      decidedAt: 'string',
    },
  }),
  isHeavy: true,
  plan: ({ type, input, approvers, fields, timeout: limit, reminders, escalation }) => ({
    type,
    title: input.title,
    message: input.message,
    approvers,
    fields,
    timeoutMs: limit === undefined ? undefined : parseDuration(limit),
    ...(reminders && { reminders: { everyMs: parseDuration(reminders.every) ?? year, max: reminders.max } }),
    ...(escalation && {
      escalation: { afterMs: parseDuration(escalation.after) ?? year, to: escalation.to },
    }),
  }),
});

function fieldIssues(fields: readonly z.output<typeof ApprovalField>[]): FieldIssue[] {
  return fields.flatMap(({ key, kind, options }, index) => {
    const path = `fields.${index}`;
    const isRepeated = fields.findIndex((field) => field.key === key) < index;
    if (isRepeated) return [{ path: `${path}.key`, message: 'is used by another field' }];
    const isChoice = kind === 'choice';
    if (isChoice === (options !== undefined)) return [];
    return [{ path: `${path}.options`, message: isChoice ? 'are needed for a choice' : 'are for a choice' }];
  });
}

/** Neither would ever happen after the timeout. */
function noticeIssues({
  timeout: limit,
  reminders,
  escalation,
}: {
  timeout?: string | undefined;
  reminders?: z.output<typeof Reminders> | undefined;
  escalation?: z.output<typeof Escalation> | undefined;
}): FieldIssue[] {
  const limitMs = parseDuration(limit ?? '') ?? Number.POSITIVE_INFINITY;
  const isTooLate = (duration: string) => (parseDuration(duration) ?? 0) >= limitMs;
  const message = `must be shorter than the timeout, ${limit}`;
  return [
    ...(reminders && isTooLate(reminders.every) ? [{ path: 'reminders.every', message }] : []),
    ...(escalation && isTooLate(escalation.after) ? [{ path: 'escalation.after', message }] : []),
  ];
}

function isLiteral(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('{{');
}
