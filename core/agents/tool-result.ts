import { z } from 'zod';

/** An error as a model is told of it. */
export const ErrorRecordForModel = z.object({
  code: z.string(),
  message: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** What came of a call of a tool. */
export type ToolResult = { value: unknown } | { error: z.output<typeof ErrorRecordForModel> };

/** UTF-16 units that a model is shown of one result. */
const maxShown = 20_000;

/** A result as text for a model; of a long one the beginning, with how much is missing. */
export function toolResultText(result: ToolResult | undefined): string {
  if (!result) return 'Nothing came of it.';
  if ('error' in result) {
    const { code, message, issues = [] } = result.error;
    return [
      `Failed (${code}): ${message}`,
      ...issues.map((issue) => `- ${issue.path}: ${issue.message}`),
    ].join('\n');
  }
  const text = typeof result.value === 'string' ? result.value : JSON.stringify(result.value ?? null);
  if (text.length <= maxShown) return text;
  return `${text.slice(0, maxShown)}\n… ${text.length - maxShown} more characters are not shown. Ask for less at a time.`;
}
