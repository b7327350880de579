import type { Domain } from '#runtime/domain.js';
import { budgets } from './budgets/budgets.js';
import { listSpending } from './budgets/list-spending.js';
import { getCall } from './calls/get-call.js';
import { listCalls } from './calls/list-calls.js';
import { listChoices, setChoices } from './choices/choices.js';
import { resetModel, setModel } from './models/change-model.js';
import { listModels } from './models/list-models.js';
import { testModel } from './models/test-model.js';
import {
  getAiSettings,
  resumeAgents,
  settingsEvents,
  stopAgents,
  updateAiSettings,
} from './settings/settings.js';
import { generateText } from './tasks/generate.js';
import { classifyText, extractData, readSentiment, summarizeText } from './tasks/read-texts.js';
import { reportUsage } from './usage/report-usage.js';

const actions = [
  listModels,
  setModel,
  resetModel,
  testModel,
  listChoices,
  setChoices,
  getAiSettings,
  updateAiSettings,
  stopAgents,
  resumeAgents,
  ...budgets.actions,
  listSpending,
  listCalls,
  getCall,
  reportUsage,
  generateText,
  extractData,
  classifyText,
  readSentiment,
  summarizeText,
];

/** Language models: which are asked, what they may cost, and what they were asked. */
export const ai: Domain = {
  name: 'ai',
  description:
    'Language models: which ones are asked for what, budgets that bound what they cost, and the log of all calls.',
  actions: actions.map((action) => ({ ...action, module: 'ai' as const })),
  events: [...budgets.events, ...Object.values(settingsEvents)],
};
