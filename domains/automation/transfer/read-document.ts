import { z } from 'zod';
import {
  AutomationDocument,
  AutomationReference,
  automationsOf,
  ConnectionReference,
  DocumentAutomation,
} from '#core/automation-document/automation-document.js';
import { fillPlaceholders, type ParameterValues } from '#core/automation-document/fill-placeholders.js';
import { AppError, type ErrorIssue } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { validate } from '#runtime/validate.js';
import { Draft } from '../draft.js';
import { withNode } from '../node-of-path.js';
import { findConnection, type KnownConnection, listConnections } from './known-connections.js';
import { findNamed, listAutomations, type NamedAutomation } from './known-names.js';
import { mapReferences } from './map-references.js';
import { parameterValues } from './parameter-values.js';

/** Input fields of whatever takes a document. */
export const documentInput = {
  document: AutomationDocument.describe('What `automations.export` gives, or a template'),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Values of the parameters of the document; for a connection, its name'),
};

/** An automation of a document, ready to be saved here. */
export interface ReadAutomation {
  /** Of the row that there is, or else will be, for it. */
  id: string;
  name: string;
  description: string;
  draft: z.output<typeof Draft>;
  /** What was left out or stays as it is; paths are those in the draft. */
  issues: ErrorIssue[];
}

/**
 * Fills in the parameters of a document and finds its connections and the automations that it refers to in the caller's
 * organization; with `replace`, an automation of the document stands for the one of its name there. What is not found is
 * left out, with an issue. Throws `validation` for parameters that are missing or wrong, with issues that name
 * them (`parameters.channel`), and for what can't be saved (`document.automations.2.name`).
 */
export async function readDocument(
  { db }: DomainContext,
  document: AutomationDocument,
  given: Readonly<Record<string, unknown>>,
  existing: 'keep' | 'replace' = 'keep',
): Promise<ReadAutomation[]> {
  const known = await listConnections(db, 'present');
  const others = await listAutomations(db, 'present');
  const { values, issues } = parameterValues(document.parameters ?? [], given, known);
  if (issues.length > 0) throw refusal(issues);
  const placed = automationsOf(document).map((entry) => ({
    ...entry,
    name: nameIn(entry.automation, values),
  }));
  const ofDocument = placed.map(({ name }) => {
    const found = existing === 'replace' ? others.find((other) => other.name === name) : undefined;
    return { id: found?.id ?? timeOrderedId(), name };
  });
  return placed.map(({ path, automation }, index) => {
    const id = ofDocument[index]?.id ?? timeOrderedId();
    return readAutomation(automation, { id, path: `document.${path}`, values, known, ofDocument, others });
  });
}

interface Reading {
  id: string;
  path: string;
  values: ParameterValues;
  known: readonly KnownConnection[];
  ofDocument: readonly NamedAutomation[];
  others: readonly NamedAutomation[];
}

/** The name that an automation will have, its placeholders filled in. */
function nameIn({ name }: DocumentAutomation, values: ParameterValues): string {
  return String(values.size > 0 ? fillPlaceholders(name, values).value : name);
}

function readAutomation(automation: unknown, reading: Reading): ReadAutomation {
  const { id, path, values, known } = reading;
  // Without parameters nothing is a placeholder: an exported text may hold double brackets of its own.
  const { value, misplaced, undeclared } =
    values.size > 0
      ? fillPlaceholders(automation, values)
      : { value: automation, misplaced: [], undeclared: [] };
  if (misplaced.length > 0) {
    throw refusal(misplaced.map((issue) => ({ ...withNode(value, issue), path: `${path}.${issue.path}` })));
  }
  const { description, ...filled } = validate(DocumentAutomation, value, path);
  const issues = [...undeclared];
  const draft = mapReferences(filled, (kind, value, place) => {
    const found = kind === 'connection' ? resolveConnection(value, known) : resolveAutomation(value, reading);
    if ('id' in found) return found.id;
    issues.push({ path: place.join('.'), message: `left out: ${found.problem}` });
    return undefined;
  });
  return {
    id,
    name: filled.name,
    description,
    draft: validate(Draft, draft, path),
    issues: issues.map((issue) => withNode(filled, issue)),
  };
}

/** A reference, or an id, which parameters become and files written by hand may hold. */
function resolveConnection(connection: unknown, known: readonly KnownConnection[]) {
  const reference = ConnectionReference.safeParse(connection).data;
  if (reference) return findConnection(known, reference);
  const found = known.find(({ id }) => id === connection);
  return found ?? { problem: 'it is neither { connector, name } nor the id of a connection' };
}

function resolveAutomation(value: unknown, { ofDocument, others }: Reading) {
  const reference = AutomationReference.safeParse(value).data;
  if (reference) return findNamed(ofDocument, others, reference);
  const found = others.find(({ id }) => id === value);
  return found ?? { problem: 'it is neither { automation } nor the id of an automation' };
}

function refusal(issues: readonly ErrorIssue[]): AppError {
  const sentences = issues.map(({ path, message }) => `${path} ${message}`);
  return new AppError('validation', sentences.slice(0, 3).join('; '), { issues });
}
