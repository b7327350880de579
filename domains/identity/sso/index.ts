import { checkConnection } from './check-connection.js';
import { createSsoConnection } from './create-sso-connection.js';
import { discover } from './discover.js';
import { finishSignIn } from './finish-sign-in.js';
import { listIdentities, startLink, unlinkIdentity } from './own-identities.js';
import { receiveSaml } from './receive-saml.js';
import { ssoConnectionActions, ssoConnectionEvents } from './sso-connection-resource.js';
import { startSignIn } from './start-sign-in.js';
import { updateSsoConnection } from './update-sso-connection.js';

/** Signing in through identity providers. */
export const ssoActions = [
  discover,
  startSignIn,
  finishSignIn,
  receiveSaml,
  startLink,
  listIdentities,
  unlinkIdentity,
  ...ssoConnectionActions,
  createSsoConnection,
  updateSsoConnection,
  checkConnection,
];
export const ssoEvents = ssoConnectionEvents;
