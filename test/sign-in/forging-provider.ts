import { createHmac, randomUUID } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { startVendorServer, type VendorRequest } from '#stack/vendors/vendor-server.js';
import { onTestsEnd } from '../closing.js';

/** How the provider makes an ID token of what it should say. */
export type Forge = (claims: JWTPayload & { nonce: string }) => Promise<string>;

export interface ForgingProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** An honest token. */
  sign(claims: JWTPayload, header?: { alg?: string; kid?: string }): Promise<string>;
  /** A token of the same shape by a key that the provider does not publish. */
  signByStranger(claims: JWTPayload): Promise<string>;
  /** A token whose HMAC key is the published public key: a verifier that takes the algorithm from the token is fooled. */
  confuse(claims: JWTPayload): Promise<string>;
  /** The next token, and what its discovery document says beyond what is needed. */
  answerWith(forge: Forge, discovery?: Record<string, unknown>): void;
  /** Lets a person sign in who was sent here: makes their token, and gives the address to go back to. */
  signIn(authorizationUrl: string, person: JWTPayload, more?: Record<string, string>): Promise<string>;
  /** What the last exchange of a code sent. */
  lastExchange(): URLSearchParams;
}

/** A provider that speaks OpenID Connect and puts whatever a test wants into its ID tokens. */
export async function startForgingProvider(): Promise<ForgingProvider> {
  const [clientId, clientSecret] = [randomUUID(), randomUUID()];
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const stranger = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' };
  let forge: Forge = (claims) => sign(claims);
  let extras: Record<string, unknown> = {};
  let exchange = new URLSearchParams();
  let nextToken = '';

  const vendor = await startVendorServer(0, (request) => answer(request));
  onTestsEnd(() => vendor.close());
  const issuer = vendor.origin;

  function answer({ url, body }: VendorRequest) {
    if (url.pathname === '/.well-known/openid-configuration') return { body: { ...discovery(), ...extras } };
    if (url.pathname === '/keys') return { body: { keys: [jwk] } };
    if (url.pathname !== '/token') return { status: 404, body: {} };
    exchange = new URLSearchParams(body.toString());
    return { body: { access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: nextToken } };
  }

  function discovery() {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
    };
  }

  function sign(claims: JWTPayload, { alg = 'RS256', kid = 'k1' } = {}): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(privateKey);
  }

  return {
    issuer,
    clientId,
    clientSecret,
    sign,
    signByStranger: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(stranger.privateKey),
    async confuse(claims) {
      const content = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(claims)}`;
      const key = await exportSPKI(publicKey);
      return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
    },
    answerWith(next, discoveryExtras = {}) {
      forge = next;
      extras = discoveryExtras;
    },
    async signIn(authorizationUrl, person, more = {}) {
      const { searchParams } = new URL(authorizationUrl);
      const state = searchParams.get('state') ?? '';
      const nonce = searchParams.get('nonce') ?? '';
      const seconds = Math.floor(Date.now() / 1000);
      const times = { iat: seconds, exp: seconds + 300 };
      nextToken = await forge({ iss: issuer, aud: clientId, ...times, nonce, ...person });
      return `${searchParams.get('redirect_uri')}?${new URLSearchParams({ code: randomUUID(), state, ...more })}`;
    },
    lastExchange: () => exchange,
  };
}

export function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
