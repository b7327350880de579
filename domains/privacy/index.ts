import type { Domain } from '#runtime/domain.js';
import { createExport } from './create-export.js';
import { downloadExport } from './download-export.js';
import { getExport } from './get-export.js';
import { listExports } from './list-exports.js';

/** What the organization keeps of people: exports, erasures, how long, and what they agreed to. */
export const privacy: Domain = {
  name: 'privacy',
  description:
    'What is kept of people and of the organization: exports of it, erasure of people, for how long it is kept, and what people have agreed to.',
  actions: [createExport, listExports, getExport, downloadExport],
  events: [],
};
