import { z } from 'zod';
import type { ToolResult } from '../../conversation.js';
import { embeddedJson } from '../gullible/read-texts.js';

const Row = z.looseObject({ id: z.string().optional() });

export type Row = z.output<typeof Row>;

const Listed = z.object({ items: z.array(Row) });

/** The rows that a tool gave: those of a list, or the one. */
export function rowsOf({ text }: ToolResult): Row[] {
  const value = embeddedJson(text);
  const listed = Listed.safeParse(value).data?.items ?? z.array(Row).safeParse(value).data;
  if (listed) return listed;
  const row = Row.safeParse(value).data;
  return row ? [row] : [];
}

/** What a row is called. */
export function titleOf(row: Row): string {
  const title = [row.title, row.name, row.subject, row.text, row.id].find((one) => typeof one === 'string');
  return typeof title === 'string' ? title : JSON.stringify(row).slice(0, 120);
}

/** What a tool's error says. */
export function problemOf({ text }: ToolResult): string {
  const problem = z
    .looseObject({ detail: z.string().optional(), message: z.string().optional() })
    .safeParse(embeddedJson(text)).data;
  return (problem?.detail ?? problem?.message ?? text).slice(0, 300);
}
