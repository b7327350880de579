import { parse as parseQuery } from 'node:querystring';
import type { Request } from 'express';
import type { z } from 'zod';
import type { ApprovalField, Vote } from '#core/automation/approval.js';
import { AppError } from '#core/errors.js';
import { readBody } from '../body/read-body.js';
import { inputName } from '../forms/form-field.js';
import { mediaTypeOf } from '../media-type.js';
import { commentInput, decisionInput } from './approval-page.js';

/** A decision as its page sends it. */
export interface SentDecision {
  decision: Vote['decision'];
  comment: string;
  /** Values for the action, by key. What was left empty is left out. */
  fields: Readonly<Record<string, unknown>>;
  /** What was typed, by key, to be shown again. */
  texts: ReadonlyMap<string, readonly string[]>;
}

type Field = z.output<typeof ApprovalField>;

/** Fifty fields of ten thousand characters, each encoded as up to twelve, do not fit; what people type does. */
const maxSize = 1024 * 1024;

/** Reads what was sent. Throws `unsupported_media_type`, `payload_too_large`, `malformed`. */
export async function readDecisionBody(request: Request): Promise<ReturnType<typeof parseQuery>> {
  if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded') {
    throw new AppError('unsupported_media_type', 'A decision is sent as application/x-www-form-urlencoded');
  }
  return parseQuery((await readBody(request, maxSize)).toString('utf8'), '&', '=', { maxKeys: 200 });
}

/** The decision in what was sent, by the fields that the approval has. Throws `malformed` if none is there. */
export function decisionIn(sent: ReturnType<typeof parseQuery>, fields: readonly Field[]): SentDecision {
  const textsOf = (name: string) => [sent[name] ?? []].flat();
  const [decision] = textsOf(decisionInput);
  if (decision !== 'approved' && decision !== 'rejected') {
    throw new AppError('malformed', 'Choose to approve or to reject');
  }
  const texts = new Map(fields.map(({ key }) => [key, textsOf(inputName(key))]));
  const values = fields.flatMap((field): [string, unknown][] => {
    const value = fieldValue(field, texts.get(field.key) ?? []);
    return value === undefined ? [] : [[field.key, value]];
  });
  const [comment = ''] = textsOf(commentInput);
  return { decision, comment: withNewlines(comment).trim(), fields: Object.fromEntries(values), texts };
}

function fieldValue({ kind }: Field, texts: readonly string[]): unknown {
  if (kind === 'boolean') return texts.length > 0;
  const text = withNewlines(texts[0] ?? '').trim();
  if (text === '') return undefined;
  if (kind !== 'number') return text;
  // Anything else stays text, and is refused as such.
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

function withNewlines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
