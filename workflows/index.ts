export { automation } from './automation/automation.js';
export { loopWindow } from './automation/loop-window-workflow.js';
export { erasePerson } from './privacy/erase-person.js';
export { exportData } from './privacy/export-data.js';
export { deleteExpiredRuns } from './retention/delete-expired-runs.js';
export { fireSchedule } from './schedule/fire-schedule.js';
export { pollTrigger } from './schedule/poll-trigger.js';
