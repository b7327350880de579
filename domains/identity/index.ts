import type { Domain } from '#runtime/domain.js';
import { acceptInviteAsNew } from './accept-invite.js';
import { getApiKeyRules, updateApiKeyRules } from './api-key-rules.js';
import { confirm } from './confirm.js';
import { createApiKey } from './create-api-key.js';
import { requestEmailChange } from './email/request-email-change.js';
import { sendVerificationAgain, verifyEmail } from './email/verify-email.js';
import { newDevice, sessionReused } from './events.js';
import { listApiKeys } from './list-api-keys.js';
import { listLogIns } from './list-log-ins.js';
import { listOwnOrganizations } from './list-own-organizations.js';
import { logIn } from './log-in.js';
import { me } from './me.js';
import { beginPasskey } from './passkeys/begin-passkey.js';
import { logInWithPasskey } from './passkeys/log-in-with-passkey.js';
import { deletePasskey, listPasskeys, renamePasskey } from './passkeys/own-passkeys.js';
import { beginPasskeyRegistration, createPasskey } from './passkeys/register-passkey.js';
import { changePassword } from './password/change-password.js';
import { requestPasswordReset, resetPassword } from './password/password-reset.js';
import { renameMe } from './rename-me.js';
import { revokeApiKey } from './revoke-api-key.js';
import { rotateApiKey } from './rotate-api-key.js';
import { scimActions } from './scim/index.js';
import { beginEnrollment, finishEnrollment } from './second-factor/enroll.js';
import {
  beginTotpSetup,
  confirmTotpSetup,
  disableTotp,
  listSecondFactors,
  regenerateRecoveryCodes,
} from './second-factor/totp.js';
import { verifySecondFactor } from './second-factor/verify-second-factor.js';
import { listSessions } from './sessions/list-sessions.js';
import { logOut } from './sessions/log-out.js';
import { refresh } from './sessions/refresh.js';
import { revokeAllSessions, revokeSession } from './sessions/revoke-session.js';
import { getSignInRules, updateSignInRules } from './sessions/sign-in-rules.js';
import { switchOrganization } from './sessions/switch-organization.js';
import { signUp } from './sign-up.js';
import { ssoActions, ssoEvents } from './sso/index.js';
import { addSuperUser, listSuperUsers, removeSuperUser } from './super-users/manage-super-users.js';
import { updateApiKey } from './update-api-key.js';

export { resolveApiKey } from './resolve-api-key.js';

/** How people sign up, in and stay signed in, and API keys. */
export const identity: Domain = {
  name: 'identity',
  description: 'How people sign up, sign in and stay signed in, and API keys for programs.',
  actions: [
    signUp,
    logIn,
    acceptInviteAsNew,
    me,
    renameMe,
    listOwnOrganizations,
    createApiKey,
    listApiKeys,
    updateApiKey,
    rotateApiKey,
    revokeApiKey,
    getApiKeyRules,
    updateApiKeyRules,
    refresh,
    logOut,
    switchOrganization,
    listLogIns,
    confirm,
    changePassword,
    requestPasswordReset,
    resetPassword,
    verifyEmail,
    sendVerificationAgain,
    requestEmailChange,
    verifySecondFactor,
    beginEnrollment,
    finishEnrollment,
    listSecondFactors,
    beginTotpSetup,
    confirmTotpSetup,
    disableTotp,
    regenerateRecoveryCodes,
    beginPasskey,
    logInWithPasskey,
    beginPasskeyRegistration,
    createPasskey,
    listPasskeys,
    renamePasskey,
    deletePasskey,
    listSessions,
    revokeSession,
    revokeAllSessions,
    getSignInRules,
    updateSignInRules,
    ...ssoActions,
    ...scimActions,
    listSuperUsers,
    addSuperUser,
    removeSuperUser,
  ],
  events: [newDevice, sessionReused, ...ssoEvents],
};
