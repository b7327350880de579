import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';

/** Makes an empty automation and leads to where it is built. */
export function useCreateAutomation() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () =>
      result(
        api.POST('/v1/automations', {
          body: { name: 'New automation', draft: { name: 'New automation', nodes: [], edges: [] } },
        }),
      ),
    onSuccess: ({ id }) => navigate({ to: '/automations/$automationId/edit', params: { automationId: id } }),
    onError: (error) => toast.error(messageOf(error)),
  });
}
