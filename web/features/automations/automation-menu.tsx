import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Copy, Download, MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Menu, MenuItem } from '../../components/ui/menu.js';
import { useRights } from '../session/use-rights.js';
import type { Automation } from './automation.js';
import { exportAutomation } from './export-automation.js';
import { useAutomationChanges } from './use-automation-changes.js';

/** What can be done with one automation. */
export function AutomationMenu({ automation }: { automation: Automation }) {
  const { id, name } = automation;
  const { may } = useRights();
  const navigate = useNavigate();
  const change = useAutomationChanges();
  const duplicate = useMutation({
    mutationFn: () => result(api.POST('/v1/automations/{id}/duplicate', { params: { path: { id } } })),
    onSuccess: (made) => navigate({ to: '/automations/$automationId', params: { automationId: made.id } }),
    onError: (error) => toast.error(messageOf(error)),
  });
  const remove = () => {
    change({ verb: 'delete', targets: [{ id, name }] });
    void navigate({ to: '/automations' });
  };
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="ghost"
          size="icon"
          aria-label={`Actions for ${name}`}
          onClick={(event) => event.stopPropagation()}
        >
          <MoreHorizontal aria-hidden />
        </Button>
      }
    >
      {may('automations:update') && (
        <MenuItem
          onSelect={() =>
            void navigate({ to: '/automations/$automationId/edit', params: { automationId: id } })
          }
        >
          <Pencil aria-hidden />
          Edit
        </MenuItem>
      )}
      {may('automations:create') && (
        <MenuItem onSelect={() => duplicate.mutate()}>
          <Copy aria-hidden />
          Duplicate
        </MenuItem>
      )}
      <MenuItem
        onSelect={() =>
          void exportAutomation(automation).catch((error: unknown) => toast.error(messageOf(error)))
        }
      >
        <Download aria-hidden />
        Export as JSON
      </MenuItem>
      {may('automations:delete') && (
        <MenuItem onSelect={remove}>
          <Trash2 aria-hidden />
          Delete
        </MenuItem>
      )}
    </Menu>
  );
}
