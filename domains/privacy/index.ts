import type { Domain } from '#runtime/domain.js';
import { cancelErasure } from './cancel-erasure.js';
import { createErasure } from './create-erasure.js';
import { createExport } from './create-export.js';
import { createOwnErasure } from './create-own-erasure.js';
import { downloadExport } from './download-export.js';
import { getExport } from './get-export.js';
import { listConsents } from './list-consents.js';
import { getErasure, listErasures } from './list-erasures.js';
import { listExports } from './list-exports.js';
import { recordConsent, withdrawConsent } from './record-consent.js';
import { getRetention, updateRetention } from './retention.js';
import { retryErasure } from './retry-erasure.js';

/** What the organization keeps of people: exports, erasures, how long, and what they agreed to. */
export const privacy: Domain = {
  name: 'privacy',
  description:
    'What is kept of people and of the organization: exports of it, erasure of people, for how long it is kept, and what people have agreed to.',
  actions: [
    createExport,
    listExports,
    getExport,
    downloadExport,
    createErasure,
    createOwnErasure,
    cancelErasure,
    retryErasure,
    listErasures,
    getErasure,
    getRetention,
    updateRetention,
    recordConsent,
    withdrawConsent,
    listConsents,
  ],
  events: [],
};
