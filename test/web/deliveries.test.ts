import assert from 'node:assert/strict';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { deliver } from '../builders/deliver.js';
import { finishedRuns } from '../builders/watch-runs.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';

const note = { id: 'note', type: 'set', input: { values: { word: 'kept' } } };

describe('deliveries and connections in the web app', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
    visitor = await visit(system.address);
    await logIn(visitor.page, acme);
  });
  afterEach(() => visitor.assertQuiet());
  after(() => visitor.close());

  it('deliveries are narrowed by what became of them and what they started, in the address', async () => {
    const { page } = visitor;
    const build = async (name: string, where: object) => {
      const draft = chain({ type: 'webhook', ...where }, [note]);
      const automation = await buildAutomation(system.app, acme.caller, draft);
      await system.app.perform(acme.caller, 'automations.update', { id: automation.id, name });
      await deliver(system.app, { orgId: acme.orgId, webhookUrl: automation.webhookUrl }, { from: name });
      return automation.id;
    };
    const listening = await build('Listens', {});
    await build('Looks away', { where: '{{ trigger.body.from == "nobody" }}' });
    await finishedRuns(system.app, acme.caller, listening);

    await page.goto('/deliveries');
    const rows = page.getByRole('row').filter({ hasText: 'webhook' });
    await rows.nth(1).waitFor();
    await page.getByRole('button', { name: 'Outcome' }).click();
    await page.getByRole('option', { name: 'Matched nothing' }).click();
    await rows.nth(1).waitFor({ state: 'detached' });
    assert.match(page.url(), /outcome=nothing/);
    await page.getByRole('button', { name: 'Clear' }).click();
    await rows.nth(1).waitFor();
    await page.getByRole('button', { name: 'Automation', exact: true }).click();
    await page.getByRole('option', { name: 'Listens' }).click();
    await rows.nth(1).waitFor({ state: 'detached' });
    await page.reload();
    await rows.first().waitFor();
    assert.equal(await rows.count(), 1);
    await rows.first().click();
    await page.getByRole('dialog').getByRole('link', { name: 'Listens' }).waitFor();
    await page.keyboard.press('Escape');
    await page.goto('/deliveries?provider=email');
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
  });

  it('a connection that was deleted is brought back', async () => {
    const { page } = visitor;
    await buildSlackConnection(system.app, acme.caller, 'http://127.0.0.1:9/api/');
    await page.goto('/connections');
    await page.getByRole('button', { name: 'Actions for Slack' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'No connections yet' }).waitFor();
    await page.getByRole('button', { name: 'Deleted' }).click();
    await page.getByRole('button', { name: 'Restore Slack' }).click();
    await page.getByRole('heading', { name: 'Nothing was deleted' }).waitFor();
    await page.getByRole('button', { name: 'Deleted' }).click();
    await page.getByRole('row', { name: /Slack/ }).waitFor();
  });

  it('the development mailbox is a click away where it is on', async () => {
    const { page } = visitor;
    await page.goto('/deliveries');
    const link = page.getByRole('link', { name: 'Development mailbox' });
    assert.equal(await link.getAttribute('href'), '/dev/mailbox');
  });
});
