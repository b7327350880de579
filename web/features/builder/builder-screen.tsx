import { useParams } from '@tanstack/react-router';
import { SkeletonRows } from '../../components/ui/states.js';
import { useRights } from '../session/use-rights.js';
import { ForbiddenScreen, ProblemScreen } from '../shell/problem-screen.js';
import { Builder } from './builder.js';
import { useAutomation } from './use-draft.js';

/** Where an automation is built. */
export function BuilderScreen() {
  const { automationId } = useParams({ from: '/app/automations/$automationId/edit' });
  const { may } = useRights();
  const automation = useAutomation(automationId);
  if (!may('automations:read') || !may('automations:update')) return <ForbiddenScreen />;
  if (automation.isPending) return <SkeletonRows />;
  if (automation.error) return <ProblemScreen error={automation.error} retry={automation.refetch} />;
  return <Builder key={automationId} automation={automation.data} />;
}
