import type { Domain } from '#runtime/domain.js';
import { runFailed } from '#runtime/runs/run-failed.js';
import { approvalRequested } from '#runtime/waits/open-wait.js';
import { automationActions, automationEvents } from './automation-resource.js';
import { cancelRun } from './cancel-run.js';
import { checkAutomation } from './check-automation.js';
import { deleteAutomation, pauseAutomation, resumeAutomation } from './control-automation.js';
import { createAutomation } from './create-automation.js';
import { decideApproval } from './decide-approval.js';
import { diffAutomation } from './diff-automation.js';
import { duplicateAutomation } from './duplicate-automation.js';
import {
  approvalDecided,
  automationPaused,
  automationPublished,
  automationResumed,
  runTerminated,
} from './events.js';
import { explainRun } from './explain/explain-run.js';
import { getRun } from './get-run.js';
import { getVersion } from './get-version.js';
import { listActivity } from './list-activity.js';
import { getApproval, listApprovals } from './list-approvals.js';
import { listAttempts } from './list-attempts.js';
import { listDrafts } from './list-drafts.js';
import { listEvents } from './list-events.js';
import { listRuns } from './list-runs.js';
import { listSteps } from './list-steps.js';
import { listVersions } from './list-versions.js';
import { nextTimesAction } from './next-times.js';
import { approvalWaits, ownRunFailed } from './notifications.js';
import { listPresence } from './presence/list-presence.js';
import { tellPresence } from './presence/tell-presence.js';
import { publishAutomation } from './publish-automation.js';
import { rerunRun } from './rerun-run.js';
import { restoreDraft } from './restore-draft.js';
import { restoreVersion } from './restore-version.js';
import { retryFailedRuns, retryRun } from './retry-run.js';
import { reviewApproval } from './review-approval.js';
import { runSubflow } from './run-subflow.js';
import { sampleTrigger } from './sample-trigger.js';
import { startRun } from './start-run.js';
import { listTemplates } from './templates/list-templates.js';
import { terminateRun } from './terminate-run.js';
import { testAutomation } from './testing/test-automation.js';
import { checkImport } from './transfer/check-import.js';
import { exportAutomation } from './transfer/export-automation.js';
import { importAutomations } from './transfer/import-automations.js';
import { variables } from './variables.js';

/** Automations, their versions and their runs. */
export const automation: Domain = {
  name: 'automation',
  description:
    'Automations, their published versions, their runs, the events that they can listen to, and the variables that they read.',
  actions: [
    ...automationActions,
    createAutomation,
    listActivity,
    listTemplates,
    checkAutomation,
    publishAutomation,
    pauseAutomation,
    resumeAutomation,
    deleteAutomation,
    listVersions,
    getVersion,
    restoreVersion,
    listDrafts,
    restoreDraft,
    diffAutomation,
    listPresence,
    tellPresence,
    duplicateAutomation,
    exportAutomation,
    importAutomations,
    checkImport,
    nextTimesAction,
    sampleTrigger,
    startRun,
    testAutomation,
    runSubflow,
    listRuns,
    getRun,
    explainRun,
    listSteps,
    listAttempts,
    cancelRun,
    terminateRun,
    retryRun,
    retryFailedRuns,
    rerunRun,
    listEvents,
    listApprovals,
    getApproval,
    reviewApproval,
    decideApproval,
    ...variables.actions,
  ],
  notifications: [approvalWaits, ownRunFailed],
  events: [
    ...automationEvents,
    ...variables.events,
    automationPublished,
    automationPaused,
    automationResumed,
    runFailed,
    runTerminated,
    approvalRequested,
    approvalDecided,
  ],
};
