import { z } from 'zod';

/** A tool that a model wants to be called. */
export const ToolCall = z.object({
  /** The provider's, unique within the conversation. */
  id: z.string(),
  name: z.string(),
  /** JSON as the model wrote it, which may be none. */
  arguments: z.string(),
});

export type ToolCall = z.output<typeof ToolCall>;

/** One message of a conversation, in no provider's dialect. */
export const ModelMessage = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string() }),
  z.object({ role: z.literal('user'), text: z.string() }),
  z.object({ role: z.literal('assistant'), text: z.string(), toolCalls: z.array(ToolCall).default([]) }),
  z.object({
    role: z.literal('tool'),
    toolCallId: z.string(),
    name: z.string(),
    text: z.string(),
    isError: z.boolean().default(false),
  }),
]);

export type ModelMessage = z.output<typeof ModelMessage>;
