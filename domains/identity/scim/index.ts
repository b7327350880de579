import { deleteScimUser, patchScimUser, replaceScimUser } from './change-scim-user.js';
import { createScimUser } from './create-scim-user.js';
import { getScimUser, listScimUsers } from './list-scim-users.js';
import { createScimToken, listScimTokens, revokeScimToken, rotateScimToken } from './manage-scim-tokens.js';
import { listMappedGroups, mapScimGroup } from './map-scim-group.js';
import {
  createScimGroup,
  deleteScimGroup,
  getScimGroup,
  listScimGroups,
  patchScimGroup,
  replaceScimGroup,
} from './scim-groups.js';

/** Keeping people and groups in step with an identity provider, by SCIM 2.0. */
export const scimActions = [
  createScimToken,
  listScimTokens,
  rotateScimToken,
  revokeScimToken,
  listMappedGroups,
  mapScimGroup,
  listScimUsers,
  getScimUser,
  createScimUser,
  replaceScimUser,
  patchScimUser,
  deleteScimUser,
  listScimGroups,
  getScimGroup,
  createScimGroup,
  replaceScimGroup,
  patchScimGroup,
  deleteScimGroup,
];
