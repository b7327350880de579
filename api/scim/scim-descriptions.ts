const core = 'urn:ietf:params:scim:schemas:core:2.0';
const userSchema = `${core}:User`;
const groupSchema = `${core}:Group`;
const maxResults = 200;

interface Attribute {
  name: string;
  type?: 'string' | 'boolean' | 'complex';
  multiValued?: boolean;
  required?: boolean;
  uniqueness?: 'none' | 'server';
  subAttributes?: readonly Attribute[];
}

/** What this service can do, RFC 7643, 5. */
export function serviceProviderConfig(base: string) {
  const no = { supported: false };
  return {
    schemas: [`${core}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { ...no, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults },
    changePassword: no,
    sort: no,
    etag: no,
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A SCIM token of the organization',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

/** RFC 7643, 6. */
export function resourceTypes(base: string) {
  const describe = (id: string, schema: string) => ({
    schemas: [`${core}:ResourceType`],
    id,
    name: id,
    endpoint: `/${id}s`,
    schema,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` },
  });
  const user = {
    ...describe('User', userSchema),
    schemaExtensions: [
      { schema: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', required: false },
    ],
  };
  return [user, describe('Group', groupSchema)];
}

/** RFC 7643, 7. */
export function schemas(base: string) {
  const describe = (id: string, name: string, attributes: readonly Attribute[]) => ({
    schemas: [`${core}:Schema`],
    id,
    name,
    attributes: attributes.map(describeAttribute),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  });
  const value: Attribute = { name: 'value' };
  const plural = (name: string): Attribute => ({
    name,
    type: 'complex',
    multiValued: true,
    subAttributes: [value, { name: 'type' }, { name: 'primary', type: 'boolean' }],
  });
  const texts = (...names: string[]): Attribute[] => names.map((name) => ({ name }));
  return [
    describe(userSchema, 'User', [
      { name: 'userName', required: true, uniqueness: 'server' },
      { name: 'name', type: 'complex', subAttributes: texts('formatted', 'familyName', 'givenName') },
      ...texts('displayName', 'nickName', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'),
      { name: 'active', type: 'boolean' },
      plural('emails'),
      plural('phoneNumbers'),
    ]),
    describe(groupSchema, 'Group', [
      { name: 'displayName', required: true, uniqueness: 'server' },
      { name: 'members', type: 'complex', multiValued: true, subAttributes: [value] },
    ]),
    describe('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'Enterprise User', [
      ...texts('employeeNumber', 'costCenter', 'organization', 'division', 'department'),
    ]),
  ];
}

function describeAttribute(attribute: Attribute): object {
  const { name, type = 'string', multiValued = false, required = false, uniqueness = 'none' } = attribute;
  return {
    name,
    type,
    multiValued,
    required,
    uniqueness,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    ...(attribute.subAttributes && { subAttributes: attribute.subAttributes.map(describeAttribute) }),
  };
}
