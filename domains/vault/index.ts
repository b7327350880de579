import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { Domain } from '#runtime/domain.js';
import { rotateVault } from './rotate-vault.js';
import { readVaultStatus, VaultStatus } from './vault-status.js';

const getVaultStatus = defineAction({
  name: 'vault.status',
  title: 'Show keys of secrets',
  description:
    "Shows with which keys the organization's secrets are sealed, and how sealing them anew goes. Second factors, which belong to people, are sealed anew as well but not counted here.",
  permission: 'vault:rotate',
  effect: 'read',
  http: { method: 'get', path: '/vault' },
  input: z.strictObject({}),
  output: VaultStatus,
  run: readVaultStatus,
});

/** The keys with which secrets are sealed. */
export const vault: Domain = {
  name: 'vault',
  description: 'The keys with which the secrets of connections are sealed.',
  actions: [getVaultStatus, rotateVault],
  events: [],
};
