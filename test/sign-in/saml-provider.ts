import { randomUUID, webcrypto } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { X509CertificateGenerator } from '@peculiar/x509';
import { SignedXml } from 'xml-crypto';

/** What an assertion says; every part can be bent. */
export interface AssertionParts {
  id: string;
  issuer: string;
  subject: string;
  audience: string;
  recipient: string;
  inResponseTo: string;
  notBefore: Date;
  notOnOrAfter: Date;
  attributes: Record<string, readonly string[]>;
}

/** A request that a browser was sent with. */
export interface SamlRequest {
  id: string;
  acsUrl: string;
  entityId: string;
  relayState: string;
}

const names = {
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
};
const minute = 60_000;

/** An identity provider by SAML 2.0, made of a library that signs XML. */
export async function createSamlProvider() {
  const issuer = 'https://idp.example/metadata';
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  );
  const made = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=idp.example',
      keys,
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() - minute),
      notAfter: new Date(Date.now() + 60 * minute),
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----`;

  return {
    issuer,
    ssoUrl: 'https://idp.example/sso',
    certificate: made.toString('pem'),
    /** The request in the address that a browser was sent to. */
    readRequest(url: string): SamlRequest {
      const { searchParams } = new URL(url);
      const xml = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
      return {
        id: / ID="([^"]+)"/.exec(xml)?.[1] ?? '',
        acsUrl: /AssertionConsumerServiceURL="([^"]+)"/.exec(xml)?.[1] ?? '',
        entityId: /<saml:Issuer[^>]*>([^<]+)</.exec(xml)?.[1] ?? '',
        relayState: searchParams.get('RelayState') ?? '',
      };
    },
    /** An honest assertion, but for what `bent` says, and signed. */
    assertion(request: SamlRequest, email: string, bent: Partial<AssertionParts> = {}): string {
      return this.sign(this.unsigned(request, email, bent));
    },
    unsigned(request: SamlRequest, email: string, bent: Partial<AssertionParts> = {}): string {
      return assertionXml({
        id: `_${randomUUID()}`,
        issuer,
        subject: `subject-of-${email}`,
        audience: request.entityId,
        recipient: request.acsUrl,
        inResponseTo: request.id,
        notBefore: new Date(Date.now() - minute),
        notOnOrAfter: new Date(Date.now() + 5 * minute),
        attributes: { email: [email] },
        ...bent,
      });
    },
    sign(assertion: string): string {
      const signed = new SignedXml({
        privateKey,
        signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
      });
      signed.addReference({
        xpath: "//*[local-name(.)='Assertion']",
        digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
        transforms: [
          'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
          'http://www.w3.org/2001/10/xml-exc-c14n#',
        ],
      });
      const location = { reference: "//*[local-name(.)='Issuer']", action: 'after' as const };
      signed.computeSignature(assertion, { location });
      return signed.getSignedXml();
    },
    /** The response that a browser posts. */
    response(content: string, { id, acsUrl }: Pick<SamlRequest, 'id' | 'acsUrl'>): string {
      const xml = `<samlp:Response xmlns:samlp="${names.protocol}" ID="_${randomUUID()}" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${acsUrl}" InResponseTo="${id}"><saml:Issuer xmlns:saml="${names.assertion}">${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${content}</samlp:Response>`;
      return Buffer.from(xml).toString('base64');
    },
  };
}

function assertionXml(parts: AssertionParts): string {
  const [from, until] = [parts.notBefore.toISOString(), parts.notOnOrAfter.toISOString()];
  const attributes = Object.entries(parts.attributes).map(([name, values]) => {
    const texts = values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`);
    return `<saml:Attribute Name="${name}">${texts.join('')}</saml:Attribute>`;
  });
  return [
    `<saml:Assertion xmlns:saml="${names.assertion}" ID="${parts.id}" Version="2.0" IssueInstant="${new Date().toISOString()}">`,
    `<saml:Issuer>${parts.issuer}</saml:Issuer>`,
    `<saml:Subject><saml:NameID>${parts.subject}</saml:NameID>`,
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml:SubjectConfirmationData Recipient="${parts.recipient}" InResponseTo="${parts.inResponseTo}" NotOnOrAfter="${until}"/>`,
    '</saml:SubjectConfirmation></saml:Subject>',
    `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${until}">`,
    `<saml:AudienceRestriction><saml:Audience>${parts.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${from}"/>`,
    `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement></saml:Assertion>`,
  ].join('');
}
