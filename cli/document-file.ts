import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { documentFormat } from '#core/automation-document/automation-document.js';
import { parameterTypes } from '#core/automation-document/parameter.js';
import { misuse } from './cli-error.js';
import { reasonOf } from './settings.js';

/** As far as the command line looks into a document; the system checks the rest. */
const Document = z.looseObject({
  format: z.string(),
  parameters: z.array(z.looseObject({ key: z.string(), type: z.enum(parameterTypes) })).optional(),
});

export type Document = z.output<typeof Document>;

/** Reads JSON from a file, or from standard input for `-`. Throws CliError. */
export function readJsonFile(path: string): unknown {
  const name = path === '-' ? 'Standard input' : path;
  try {
    return JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw misuse(`${name} is not JSON: ${error.message}.`);
    throw misuse(`${name} can't be read: ${reasonOf(error)}.`);
  }
}

/** Reads a document, or a bare definition, which becomes a document with one automation. Throws CliError. */
export function readDocumentFile(path: string): Document {
  const content = readJsonFile(path);
  const isDefinition = z
    .object({ format: z.undefined().optional(), trigger: z.looseObject({}) })
    .safeParse(content).success;
  const document = isDefinition ? { format: documentFormat, version: 1, automation: content } : content;
  const parsed = Document.safeParse(document);
  if (parsed.success) return parsed.data;
  throw misuse(
    `${path} holds neither a document (with "format": "${documentFormat}") nor a definition (with a "trigger").`,
  );
}

/**
 * Values of `--set key=value`, in the types that the document's parameters have. What is no number or truth value stays
 * text, so that the system's answer names the parameter. Throws CliError for a setting without `=`.
 */
export function readParameters({ parameters = [] }: Document, settings: readonly string[]) {
  const types = new Map(parameters.map(({ key, type }) => [key, type]));
  return Object.fromEntries(
    settings.map((setting) => {
      const [key = '', ...rest] = setting.split('=');
      if (key === '' || rest.length === 0) throw misuse(`--set takes key=value, not "${setting}".`);
      return [key, typed(rest.join('='), types.get(key))];
    }),
  );
}

function typed(text: string, type: (typeof parameterTypes)[number] | undefined): unknown {
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
