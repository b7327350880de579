import { generateServiceProviderMetadata, SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { toSignInError } from './sign-in-error.js';

/** The two sides of a connection by SAML 2.0. */
export interface SamlRegistration {
  /** How we name ourselves: the address of our metadata. */
  entityId: string;
  /** Where assertions are posted to. */
  acsUrl: string;
  /** Entity id of the identity provider. */
  issuer: string;
  /** Where it takes requests. */
  ssoUrl: string;
  /** PEM; an assertion must be signed by one of them. */
  certificates: readonly string[];
}

/** What a verified assertion says. */
export interface SamlAssertion {
  id: string;
  subject: string;
  attributes: Record<string, unknown>;
  /** ISO 8601; it means nothing any more from then on. */
  expiresAt: string;
}

const maxClockSkewMs = 30_000;
const maxAgeMs = 600_000;
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

/** What of an assertion the library leaves to be checked: in the form of xml2js, from the signed part only. */
const Text = z.union([z.string(), z.looseObject({ _: z.string() }).transform(({ _: text }) => text)]);
const Attributes = z.record(z.string(), z.unknown());
const Assertion = z.looseObject({
  Assertion: z.looseObject({
    $: z.looseObject({ ID: z.string().min(1).max(500) }),
    Issuer: z.tuple([Text]),
    Subject: z.tuple([
      z.looseObject({
        NameID: z.tuple([Text]),
        SubjectConfirmation: z.array(
          z.looseObject({
            $: z.looseObject({ Method: z.string() }),
            SubjectConfirmationData: z.tuple([
              z.looseObject({
                $: z.looseObject({
                  Recipient: z.string(),
                  InResponseTo: z.string(),
                  NotOnOrAfter: z.string(),
                }),
              }),
            ]),
          }),
        ),
      }),
    ]),
    Conditions: z.tuple([z.looseObject({ $: z.looseObject({ NotOnOrAfter: z.string() }) })]),
  }),
});

/** Where to send the browser with a request of this id. */
export function samlRequestUrl(
  registration: SamlRegistration,
  { requestId, relayState }: { requestId: string; relayState: string },
): Promise<string> {
  return samlOf(registration, requestId).getAuthorizeUrlAsync(relayState, undefined, {});
}

/**
 * Verifies a response: one assertion, signed by a certificate of the provider, of its issuer, for us and for the address
 * that it was sent to, within its times, in answer to this request. What is read is the signed part alone. Throws
 * `unauthenticated`. Whether the assertion was used before is for the caller to say.
 */
export async function readSamlAssertion(
  registration: SamlRegistration,
  { response, requestId }: { response: string; requestId: string },
): Promise<SamlAssertion> {
  try {
    if (/<!DOCTYPE/i.test(Buffer.from(response, 'base64').toString('utf8')))
      throw new Error('it has a document type');
    const { profile } = await samlOf(registration, requestId).validatePostResponseAsync({
      SAMLResponse: response,
    });
    const { Assertion: assertion } = Assertion.parse(profile?.getAssertion?.());
    const [subject] = assertion.Subject;
    const [conditions] = assertion.Conditions;
    if (assertion.Issuer[0] !== registration.issuer) throw new Error('it is of another issuer');
    const isConfirmed = subject.SubjectConfirmation.some((confirmation) => {
      const [{ $: data }] = confirmation.SubjectConfirmationData;
      const isForUs = data.Recipient === registration.acsUrl && data.InResponseTo === requestId;
      return confirmation.$.Method === bearer && isForUs && isAhead(data.NotOnOrAfter);
    });
    if (!isConfirmed) throw new Error('its subject is not confirmed for this address and request');
    return {
      id: assertion.$.ID,
      subject: subject.NameID[0],
      attributes: Attributes.parse(profile?.attributes ?? {}),
      expiresAt: new Date(Date.parse(conditions.$.NotOnOrAfter) + maxClockSkewMs).toISOString(),
    };
  } catch (error) {
    throw error instanceof z.ZodError ? incomplete(error) : toSignInError(error);
  }
}

/** What an identity provider reads to know us. */
export function samlMetadata({ entityId, acsUrl }: Pick<SamlRegistration, 'entityId' | 'acsUrl'>): string {
  return generateServiceProviderMetadata({
    issuer: entityId,
    callbackUrl: acsUrl,
    wantAssertionsSigned: true,
  });
}

function samlOf(
  { entityId, acsUrl, ssoUrl, issuer, certificates }: SamlRegistration,
  requestId: string,
): SAML {
  return new SAML({
    issuer: entityId,
    audience: entityId,
    callbackUrl: acsUrl,
    entryPoint: ssoUrl,
    idpIssuer: issuer,
    idpCert: [...certificates],
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: maxClockSkewMs,
    maxAssertionAgeMs: maxAgeMs,
    validateInResponseTo: ValidateInResponseTo.always,
    generateUniqueId: () => requestId,
    cacheProvider: onlyRequest(requestId),
  });
}

/** The one request that may be answered; that it is answered once is seen to in the database. */
function onlyRequest(requestId: string) {
  const made = new Date().toISOString();
  return {
    saveAsync: async (_key: string, value: string) => ({ value, createdAt: Date.now() }),
    getAsync: async (key: string) => (key === requestId ? made : null),
    removeAsync: async (key: string | null) => key,
  };
}

function isAhead(moment: string): boolean {
  return Date.parse(moment) + maxClockSkewMs > Date.now();
}

function incomplete(cause: z.ZodError): AppError {
  return new AppError(
    'unauthenticated',
    "The identity provider's answer was refused: it lacks what is needed",
    {
      cause,
    },
  );
}
