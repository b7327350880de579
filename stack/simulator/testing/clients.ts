import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { type RunningSimulator, startSimulator } from '../start-simulator.js';

export const simulatorKey = 'sk-simulator-key';

/** A simulator with all personas, and the vendors' own clients for it, which do not try again by themselves. */
export async function startWithClients() {
  const simulator = await startSimulator({ key: simulatorKey, isForTests: true });
  return { simulator, ...clientsOf(simulator, simulatorKey) };
}

export function clientsOf({ origin, openAiUrl }: RunningSimulator, apiKey: string) {
  const options = { apiKey, maxRetries: 0, logLevel: 'off' } as const;
  return {
    openai: new OpenAI({ ...options, baseURL: openAiUrl }),
    anthropic: new Anthropic({ ...options, baseURL: origin, authToken: null }),
  };
}

/** A tool that makes tasks, as both vendors are offered it. */
export const createTaskSchema = {
  type: 'object' as const,
  properties: { title: { type: 'string' }, dueDate: { type: 'string', format: 'date' } },
  required: ['title'],
};
