import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { JsonSchema } from '#core/expression/json-schema-types.js';
import { complete } from '#runtime/ai/gateway.js';
import { askForValue } from '#runtime/ai/structured-reply.js';
import type { DomainContext } from '#runtime/domain.js';
import { commonFields, costFields, GivenText, messagesAbout, minorOf, useOf } from './task-fields.js';

const shared = { permission: 'ai:use', effect: 'write' } as const;

export const extractData = defineAction({
  ...shared,
  name: 'ai.extract',
  title: 'Extract data',
  description: 'Has a language model read data of a given form out of a text.',
  http: { method: 'post', path: '/ai/extract' },
  input: z.strictObject({
    text: GivenText,
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema of what is to be read out; an object'),
    instructions: z.string().max(20_000).default(''),
    ...commonFields,
  }),
  output: z.object({ data: z.unknown(), ...costFields }),
  async outside({ actor, services }: DomainContext, { text, schema, instructions, model }) {
    const ask = `Read the data out of the text that you are given. Leave out what is not in it, and add nothing.\n${instructions}`;
    const request = {
      messages: messagesAbout(ask, text),
      model,
      temperature: 0,
      outputSchema: schema as JsonSchema,
    };
    return (signal) => askForValue(services, useOf(actor, 'extract'), request, signal);
  },
  run: async (_context: DomainContext, _input, { value, model, cost }) => ({
    data: value,
    model,
    costMinor: minorOf(cost),
  }),
});

const Label = z.string().trim().min(1).max(200);

export const classifyText = defineAction({
  ...shared,
  name: 'ai.classify',
  title: 'Classify text',
  description: 'Has a language model say which of some labels a text belongs to.',
  http: { method: 'post', path: '/ai/classify' },
  input: z.strictObject({
    text: GivenText,
    labels: z.array(Label).min(2).max(100),
    instructions: z.string().max(20_000).default('').describe('What the labels mean'),
    ...commonFields,
  }),
  output: z.object({ label: z.string(), ...costFields }),
  async outside({ actor, services }: DomainContext, { text, labels, instructions, model }) {
    const ask = `Say to which of these labels the text belongs: ${labels.join(', ')}.\n${instructions}`;
    const request = {
      messages: messagesAbout(ask, text),
      model,
      temperature: 0,
      outputSchema: oneOf('label', labels),
    };
    return (signal) => askForValue(services, useOf(actor, 'extract'), request, signal);
  },
  run: async (_context: DomainContext, { labels }, { value, model, cost }) => ({
    label: z.object({ label: z.enum(labels) }).parse(value).label,
    model,
    costMinor: minorOf(cost),
  }),
});

const feelings = ['positive', 'neutral', 'negative'] as const;

export const readSentiment = defineAction({
  ...shared,
  name: 'ai.sentiment',
  title: 'Read sentiment',
  description: 'Has a language model say whether a text is positive, neutral or negative.',
  http: { method: 'post', path: '/ai/sentiment' },
  input: z.strictObject({ text: GivenText, ...commonFields }),
  output: z.object({ sentiment: z.enum(feelings), ...costFields }),
  async outside({ actor, services }: DomainContext, { text, model }) {
    const ask = 'Say whether the sentiment of the text is positive, neutral or negative.';
    const request = {
      messages: messagesAbout(ask, text),
      model,
      temperature: 0,
      outputSchema: oneOf('sentiment', feelings),
    };
    return (signal) => askForValue(services, useOf(actor, 'extract'), request, signal);
  },
  run: async (_context: DomainContext, _input, { value, model, cost }) => ({
    ...z.object({ sentiment: z.enum(feelings) }).parse(value),
    model,
    costMinor: minorOf(cost),
  }),
});

/** Words that a summary has, about. */
const lengths = { short: 40, medium: 120, long: 400 } as const;

export const summarizeText = defineAction({
  ...shared,
  name: 'ai.summarize',
  title: 'Summarize text',
  description: 'Has a language model sum up a text.',
  http: { method: 'post', path: '/ai/summarize' },
  input: z.strictObject({
    text: GivenText,
    length: z.enum(['short', 'medium', 'long']).default('short'),
    language: z.string().trim().min(2).max(50).optional().describe("The text's own unless given"),
    ...commonFields,
  }),
  output: z.object({ summary: z.string(), ...costFields }),
  async outside({ actor, services }: DomainContext, { text, length, language, model }) {
    const tongue = language === undefined ? 'the language of the text' : language;
    const ask = `Summarize the text in about ${lengths[length]} words, in ${tongue}. Answer with the summary only.`;
    const messages = messagesAbout(ask, text);
    return (signal) =>
      complete(services, useOf(actor, 'extract'), { messages, model, temperature: 0 }, { signal });
  },
  run: async (_context: DomainContext, _input, { text, model, cost }) => ({
    summary: text.trim(),
    model,
    costMinor: minorOf(cost),
  }),
});

function oneOf(field: string, values: readonly string[]): JsonSchema {
  return {
    type: 'object',
    properties: { [field]: { type: 'string', enum: [...values] } },
    required: [field],
    additionalProperties: false,
  };
}
