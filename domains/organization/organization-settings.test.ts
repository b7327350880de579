import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { servedSystem } from '#test/ingress/served-system.js';
import { type TestSystem, testSystem } from '#test/system.js';

const Settings = z.looseObject({ slug: z.string(), hasLogo: z.boolean(), locale: z.string() });
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('settings of an organization', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  before(async () => {
    system = await testSystem();
    acme = await buildOrganization(system.app);
  });

  const update = async (input: object) =>
    Settings.parse(await system.app.perform(acme.caller, 'organization.update_settings', input));

  it('hold name, region, working hours and holidays', async () => {
    const workingHours = {
      monday: [
        { from: '08:00', to: '12:00' },
        { from: '13:00', to: '24:00' },
      ],
      friday: [],
    };
    const given = { name: 'Acme Ltd', timeZone: 'Europe/Vienna', currency: 'CHF', workingHours };
    const changed = await update({ ...given, locale: 'de-at', holidays: ['2026-12-25', '2026-01-01'] });
    const { id: _, slug: __, ...shown } = changed;
    assert.deepEqual(shown, {
      ...given,
      locale: 'de-AT',
      holidays: ['2026-01-01', '2026-12-25'],
      hasLogo: false,
      eraseAt: null,
    });
    assert.deepEqual(await update({}), changed, 'what is not given stays');
  });

  for (const [field, input] of Object.entries({
    timeZone: { timeZone: 'Europe/Atlantis' },
    locale: { locale: 'not a tag' },
    currency: { currency: 'XXY' },
    slug: { slug: 'Two--Words' },
    name: { name: '  ' },
    'holidays.0': { holidays: ['25.12.2026'] },
    'workingHours.monday.0.to': { workingHours: { monday: [{ from: '12:00', to: '08:00' }] } },
    'workingHours.monday': {
      workingHours: {
        monday: [
          { from: '08:00', to: '12:00' },
          { from: '11:00', to: '13:00' },
        ],
      },
    },
  })) {
    it(`refuse what is no ${field}`, () => assertRefused(update(input), 'validation', field));
  }

  it('refuse an address that another organization has', async () => {
    const other = await buildOrganization(system.app, { name: 'Taken already' });
    const taken = Settings.parse(await system.app.perform(other.caller, 'organization.get_settings', {}));
    await assertRefused(update({ slug: taken.slug }), 'conflict', 'slug');
  });

  it('are changed by admins, and read by members', async () => {
    const member = await buildMember(system.app, acme, 'member');
    const admin = await buildMember(system.app, acme, 'admin');
    await system.app.perform(member.caller, 'organization.get_settings', {});
    await assertRefused(
      system.app.perform(member.caller, 'organization.update_settings', { name: 'Mine' }),
      'forbidden',
    );
    await system.app.perform(admin.caller, 'organization.update_settings', { name: 'Acme' });
  });

  describe('with a logo', () => {
    let url: string;
    before(async () => {
      ({ address: url } = await servedSystem());
    });

    const send = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
      fetch(`${url}/v1/organization/logo`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${acme.accessToken}`, 'content-type': type },
        body,
      });
    const show = () =>
      fetch(`${url}/v1/organization/logo`, { headers: { authorization: `Bearer ${acme.accessToken}` } });

    it('serve the image as what it is, and as nothing else', async () => {
      assert.equal((await send(png, 'text/html')).status, 200);
      const response = await show();
      assert.equal(response.headers.get('content-type'), 'image/png');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.match(response.headers.get('content-security-policy') ?? '', /sandbox/);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), png);
    });

    it('refuse SVG, HTML, other bytes and what is too large', async () => {
      const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
      for (const body of [svg, '<!doctype html>', 'GI', new Uint8Array(64)]) {
        assert.equal((await send(body, 'image/png')).status, 422);
      }
      const large = Buffer.concat([png, Buffer.alloc(1024 * 1024)]);
      assert.equal((await send(large, 'image/png')).status, 413);
    });

    it('have none once it is removed', async () => {
      await send(png, 'image/png');
      await system.app.perform(acme.caller, 'organization.remove_logo', {});
      assert.equal((await show()).status, 404);
    });
  });
});
