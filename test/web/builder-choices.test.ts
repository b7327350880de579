import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { type SlackServer, startSlackServer } from '#stack/vendors/slack-server.js';
import { buildSlackConnection, testToken } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';
import { draftOf, makeAutomation, openBuilder, savedAutomation, untilSaved } from './builder-visit.js';

const ada = { id: 'U0ADA00001', name: 'ada', real_name: 'Ada Lovelace', email: 'ada@example.com' };
/** More than come with the first page. */
const teams = Array.from({ length: 320 }, (_, index) => `team-${String(index).padStart(3, '0')}`);

describe('choices of a vendor in the builder', () => {
  let system: SignInSystem;
  let slack: SlackServer;
  let acme: BuiltOrganization;
  let visitor: Visit;
  let page: Page;
  let settings: Locator;
  let id: string;
  before(async () => {
    system = await signInSystem();
    slack = await startSlackServer({
      token: testToken,
      channels: ['general', ...teams, 'zoo'],
      users: [ada],
    });
    acme = await buildOrganization(system.app);
    visitor = await visit(system.address);
    ({ page } = visitor);
    settings = page.getByRole('region', { name: /^Settings of/ });
    await logIn(page, acme);
    const { id: connection } = await buildSlackConnection(system.app, acme.caller, slack.url);
    await open({ connection });
  });
  afterEach(() => visitor.assertQuiet(/status of 422/));
  after(async () => {
    await visitor.close();
    await slack.close();
  });

  async function open(more: object): Promise<void> {
    const post = {
      id: 'post',
      type: 'action',
      action: 'slack.post_message',
      name: 'Post',
      input: {},
      ...more,
    };
    id = await makeAutomation(system.app, acme.caller, draftOf('Tell', [post]));
    await openBuilder(page, id, 'Tell');
    await page.getByRole('group', { name: /^Post/ }).click();
  }
  const channelOf = async () => {
    await untilSaved(page);
    return Object((await savedAutomation(system.app, acme.caller, id)).graph.nodes[0]?.input).channel;
  };
  const list = () => page.getByRole('listbox', { name: 'Channel' });

  it('lists channels and people of the connected workspace, page after page', async () => {
    await settings.getByRole('button', { name: 'Channel: Choose …' }).click();
    await list().getByRole('option', { name: '#general' }).waitFor();
    await list()
      .getByRole('group', { name: 'People' })
      .getByRole('option', { name: 'Ada Lovelace' })
      .waitFor();
    assert.equal(await list().getByRole('option', { name: '#zoo' }).count(), 0);
    await page.getByRole('button', { name: 'Show more' }).click();
    await list().getByRole('option', { name: '#zoo' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('finds what is on no page yet, keeps its id and shows its name', async () => {
    await settings.getByRole('button', { name: 'Channel: Choose …' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('team-319');
    await list().getByRole('option', { name: '#team-319', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await settings.getByRole('button', { name: 'Channel: #team-319' }).waitFor();
    assert.match(await channelOf(), /^C\d+$/);
  });

  it('asks the vendor once for what was found already', async () => {
    const before = slack.requests;
    await page.getByRole('button', { name: 'Close the settings' }).click();
    await page.getByRole('group', { name: /^Post/ }).click();
    await settings.getByRole('button', { name: /^Channel: #/ }).click();
    await list().getByRole('option', { name: '#general' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(slack.requests, before);
  });

  it('takes a value that is typed, and an expression', async () => {
    await settings.getByRole('button', { name: /^Channel: #/ }).click();
    await page.keyboard.type('#elsewhere');
    await list().getByRole('option', { name: 'Use “#elsewhere”' }).click();
    await settings.getByRole('button', { name: 'Channel: #elsewhere' }).waitFor();
    assert.equal(await channelOf(), '#elsewhere');
    await settings.getByRole('button', { name: 'Channel: expression' }).click();
    await settings.getByRole('textbox', { name: 'Channel', exact: true }).fill('{{ trigger.channel }}');
    await page.getByText('Saving …').waitFor();
    assert.equal(await channelOf(), '{{ trigger.channel }}');
  });

  it('says what is missing where there is no connection, or the vendor does not answer', async () => {
    await open({});
    await settings.getByRole('button', { name: 'Channel: Choose …' }).click();
    await page.getByText('Choose a connection first').waitFor();
    const { id: broken } = await buildSlackConnection(system.app, acme.caller, `${slack.url}nowhere/`);
    await open({ connection: broken });
    await settings.getByRole('button', { name: 'Channel: Choose …' }).click();
    await page.getByRole('status').filter({ hasText: /Slack/ }).waitFor();
    await page.keyboard.type('#typed');
    await list().getByRole('option', { name: 'Use “#typed”' }).click();
    assert.equal(await channelOf(), '#typed');
  });
});
