import { createTask } from '../automation/nodes.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import type { BuilderApp } from '../builders/builder-app.js';

/** In an organization of its own: makes a task for each delivery, with its `title`. */
export async function buildTaskAutomation(app: BuilderApp, settings: object) {
  const { orgId, caller } = await buildOrganization(app);
  const project = await buildProject(app, caller);
  const nodes = [createTask('task', project.id, '{{ trigger.body.title }}')];
  const automation = await buildAutomation(app, caller, chain({ type: 'webhook' }, nodes, { settings }));
  return { orgId, caller, projectId: project.id, ...automation };
}

/** In an organization of its own: its runs are started by hand, and wait until they are cancelled. */
export async function buildWaitingAutomation(app: BuilderApp, settings: object) {
  const { orgId, caller } = await buildOrganization(app);
  const pause = { id: 'pause', type: 'wait', input: { duration: '1h' } };
  const { id } = await buildAutomation(app, caller, chain({ type: 'manual' }, [pause], { settings }));
  return { orgId, caller, id };
}
