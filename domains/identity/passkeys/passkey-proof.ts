import { z } from 'zod';

const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);

/** A credential as a browser gives it (WebAuthn 3, 5.1): the fields that matter, of bounded size. */
const credential = {
  id: base64url.min(1).max(1_400),
  rawId: base64url.min(1).max(1_400),
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}).default({}),
};

export const RegistrationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url.max(4_000),
    attestationObject: base64url.max(20_000),
    transports: z
      .array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']))
      .max(10)
      .default([]),
  }),
});

export const AuthenticationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url.max(4_000),
    authenticatorData: base64url.max(4_000),
    signature: base64url.max(4_000),
    userHandle: base64url.max(200).optional(),
  }),
});

/** What `identity.begin_passkey` was answered with. */
export const PasskeyProof = z.strictObject({
  challenge: z.string().max(2_000).describe('Of identity.begin_passkey'),
  response: AuthenticationResponse.describe('What navigator.credentials.get gave, as JSON'),
});
