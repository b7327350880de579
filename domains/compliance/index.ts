import { auditSealed } from '#runtime/audit/audit-events.js';
import type { Domain } from '#runtime/domain.js';
import { securityOutboxEvents } from '#runtime/security/security-kinds.js';
import { auditStatus } from './audit/audit-status.js';
import { eraseAudit } from './audit/erase-audit.js';
import { exportAudit, getExport, listArchives } from './audit/export-audit.js';
import { getAudit } from './audit/get-audit.js';
import { listAudit } from './audit/list-audit.js';
import { verifyAudit } from './audit/verify-audit.js';
import { listSecurityEvents } from './security/list-security-events.js';
import { getComplianceSettings, updateComplianceSettings } from './security/settings.js';

/** The audit log and what proves it; security events and who is told of them. */
export const compliance: Domain = {
  name: 'compliance',
  description: 'Who did what: the audit log, its proof, and what concerns the safety of accounts.',
  actions: [
    listAudit,
    getAudit,
    auditStatus,
    verifyAudit,
    eraseAudit,
    exportAudit,
    getExport,
    listArchives,
    listSecurityEvents,
    getComplianceSettings,
    updateComplianceSettings,
  ],
  events: [auditSealed, ...securityOutboxEvents],
};
