import type { Domain } from '#runtime/domain.js';
import { memberJoined } from '#runtime/membership/join.js';
import { memberEvents } from '#runtime/membership/member.js';
import { createRole, deleteRole, restoreRole, updateRole } from './change-roles.js';
import { addDepartmentMember, removeDepartmentMember } from './department-members.js';
import { deactivateMember, reactivateMember, removeMember } from './end-membership.js';
import { explainPermission } from './explain/explain-permission.js';
import { createInviteCode, resendInvite, sendInvite } from './invites/create-invites.js';
import { inviteAccepted } from './invites/invite-accepted.js';
import { joinByInvite, showInvite } from './invites/join.js';
import { listInvites, revokeInvite } from './invites/list-invites.js';
import { joinByDomain, listJoinable } from './join-by-domain.js';
import { getMember, listMembers } from './list-members.js';
import { listPermissions } from './list-permissions.js';
import { getRole, listRoles } from './list-roles.js';
import { roleEvents } from './role.js';
import { ownershipTransferred, transferOwnership } from './transfer-ownership.js';
import { updateMember } from './update-member.js';

/** Who belongs to the organization, and what they may do in it. */
export const people: Domain = {
  name: 'people',
  description: 'The people of the organization, their roles, and why somebody may or may not do something.',
  actions: [
    listMembers,
    getMember,
    updateMember,
    deactivateMember,
    reactivateMember,
    removeMember,
    addDepartmentMember,
    removeDepartmentMember,
    transferOwnership,
    listRoles,
    getRole,
    createRole,
    updateRole,
    deleteRole,
    restoreRole,
    sendInvite,
    createInviteCode,
    resendInvite,
    listInvites,
    revokeInvite,
    showInvite,
    joinByInvite,
    listJoinable,
    joinByDomain,
    listPermissions,
    explainPermission,
  ],
  notifications: [inviteAccepted],
  events: [memberJoined, ...Object.values(memberEvents), ...Object.values(roleEvents), ownershipTransferred],
};
