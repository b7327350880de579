import { api, result } from '../../api/client.js';
import type { Automation } from './automation.js';

/** Saves an automation as a file that can be imported elsewhere. Throws ApiError. */
export async function exportAutomation({ id, name }: Pick<Automation, 'id' | 'name'>): Promise<void> {
  const document = await result(api.GET('/v1/automations/{id}/export', { params: { path: { id } } }));
  const file = new Blob([JSON.stringify(document, null, 2)], { type: 'application/json' });
  const address = URL.createObjectURL(file);
  const link = Object.assign(window.document.createElement('a'), {
    href: address,
    download: `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.json`,
  });
  link.click();
  URL.revokeObjectURL(address);
}
