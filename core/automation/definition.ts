import { z } from 'zod';
import { chosenFromAutomations } from '../choices.js';
import { durationText } from '../duration-text.js';
import { limitSettings } from './limits.js';
import { AutomationNode } from './nodes/index.js';
import { Pinned } from './pinned.js';
import { OutputSchema } from './triggers/input-schema.js';

const minute = 60_000;
const day = 86_400_000;

export const AutomationTrigger = z.strictObject({
  /**
   * `manual`, `api`, `webhook`, `form`, `schedule`, `email`, `event`, `error`, or a connector's such as
   * `github.issue_opened`.
   */
  type: z.string().min(1).max(100),
  connection: z.uuid().optional(),
  /** Checked by the trigger's own schema. */
  input: z.record(z.string(), z.unknown()).default({}),
  /** Only what this expression is true for starts a run. */
  where: z.string().max(20_000).optional(),
});

export const AutomationEdge = z.strictObject({
  source: z.string(),
  /**
   * Absent: the node's default way out. Else `true`, `false`, a case name, `default`, `error`, `body`, `done` or
   * `compensate`.
   */
  sourceHandle: z.string().optional(),
  target: z.string(),
});

/** What the builder saves, the API takes and agents write. */
export const AutomationDefinition = z.strictObject({
  name: z.string().trim().min(1).max(200),
  trigger: AutomationTrigger,
  nodes: z.array(AutomationNode).max(500),
  edges: z.array(AutomationEdge).max(2_000),
  settings: z
    .strictObject({
      timeout: durationText(minute, 365 * day)
        .optional()
        .meta({ title: 'Longest run', description: 'A run that takes longer fails; such as 2h or 3d.' }),
      onFailure: z.uuid().meta(chosenFromAutomations).optional().meta({
        title: 'After a failure, start',
        description: 'The automation of which a run starts when a run of this one fails for good.',
      }),
      compensate: z.enum(['on_cancel', 'on_cancel_and_failure']).optional().meta({
        title: 'Undo steps',
        description: 'When steps with a way to undo them are undone, the last one first.',
      }),
      failureNotice: z.enum(['first', 'every', 'none']).optional().meta({
        title: 'Mail about failures',
        description:
          'When its owner is told that a run failed for good: the first time after a success or after publishing (unless given), every time (with those of a quarter of an hour in one mail), or never.',
      }),
      outputSchema: OutputSchema.optional().meta({
        title: 'Result',
        description: 'JSON Schema of what its Stop steps give as output, and subflow steps of it.',
      }),
      ...limitSettings,
    })
    .default({}),
  layout: z.record(z.string(), z.unknown()).default({}),
  pinned: Pinned.optional(),
});

export type AutomationTrigger = z.output<typeof AutomationTrigger>;
export type AutomationDefinition = z.output<typeof AutomationDefinition>;
export type AutomationEdge = z.output<typeof AutomationEdge>;

/** Bytes of a definition as JSON, without what is pinned. */
export const maxDefinitionSize = 256 * 1024;
