import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { z } from 'zod';

export interface CeremonyOptions {
  /** Of the page that asks. */
  origin: string;
  /** Whether it has checked who holds it; true unless given. */
  isUserVerified?: boolean;
}

/** An authenticator in software that makes one ES256 credential (WebAuthn 3, 6; attestation `none`). */
export interface Authenticator {
  create(options: unknown, ceremony: CeremonyOptions): object;
  get(options: unknown, ceremony: CeremonyOptions): object;
  /** How often it has signed. A copy of it begins with an old one. */
  counter: number;
}

const CreateOptions = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
});
const GetOptions = z.object({ challenge: z.string(), rpId: z.string() });

export function createAuthenticator(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32);
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // COSE: kty EC2, alg ES256, crv P-256, x, y (RFC 9053, 7.1).
  const cose = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
    [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
  ]);
  let userHandle = '';

  const clientData = (type: string, challenge: string, origin: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const head = (rpId: string, isVerified: boolean, attested: boolean) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(authenticator.counter);
    const flags = 0x01 | (isVerified ? 0x04 : 0) | (attested ? 0x40 : 0);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), counter]);
  };
  const answer = (response: object) => ({
    id: credentialId.toString('base64url'),
    rawId: credentialId.toString('base64url'),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  });

  const authenticator: Authenticator = {
    counter: 0,
    create(options, { origin, isUserVerified = true }) {
      const { challenge, rp, user } = CreateOptions.parse(options);
      userHandle = user.id;
      const idLength = Buffer.alloc(2);
      idLength.writeUInt16BE(credentialId.length);
      const authData = Buffer.concat([
        head(rp.id, isUserVerified, true),
        Buffer.alloc(16),
        idLength,
        credentialId,
        isoCBOR.encode(cose),
      ]);
      const attestation = isoCBOR.encode(
        new Map<string, string | Map<string, string> | Uint8Array>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', new Uint8Array(authData)],
        ]),
      );
      return answer({
        clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
        attestationObject: Buffer.from(attestation).toString('base64url'),
        transports: ['internal'],
      });
    },
    get(options, { origin, isUserVerified = true }) {
      const { challenge, rpId } = GetOptions.parse(options);
      authenticator.counter += 1;
      const clientDataJSON = clientData('webauthn.get', challenge, origin);
      const authenticatorData = head(rpId, isUserVerified, false);
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJSON).digest()]);
      return answer({
        clientDataJSON: clientDataJSON.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
        userHandle,
      });
    },
  };
  return authenticator;
}
