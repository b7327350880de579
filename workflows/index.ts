export { exportAudit } from './audit/export-audit.js';
export { keepAuditLogs } from './audit/keep-audit-logs.js';
export { automation } from './automation/automation.js';
export { loopWindow } from './automation/loop-window-workflow.js';
export { deleteExpiredRuns } from './retention/delete-expired-runs.js';
export { eraseOrganizations } from './retention/erase-organizations.js';
export { fireSchedule } from './schedule/fire-schedule.js';
export { pollTrigger } from './schedule/poll-trigger.js';
