import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';
import { testToken, testWebhookSecret } from '../builders/build-connection.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type Visit, visit } from './browser.js';

describe('a newcomer lets an automation work', () => {
  let system: SignInSystem;
  let slack: TestSlack;
  let visitor: Visit;
  let hookPath = '';
  before(async () => {
    system = await signInSystem();
    slack = await openTestSlack();
    visitor = await visit(system.address);
  });
  afterEach(() => visitor.assertQuiet());
  after(() => visitor.close());

  it('signs up and makes a project', async () => {
    const { page } = visitor;
    await page.goto('/sign-up');
    await page.getByLabel('Organization').fill('Acme');
    await page.getByLabel('Your name').fill('Nora New');
    await page.getByLabel('Email').fill(`nora-${randomUUID()}@example.com`);
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('heading', { name: 'My tasks' }).waitFor();
    await page.goto('/projects?new=yes');
    await page.getByLabel('Name', { exact: true }).fill('Incoming');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Incoming' }).waitFor();
  });

  it('connects GitHub and Slack', async () => {
    const { page } = visitor;
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByText('No connections yet').waitFor();
    await page.getByRole('button', { name: 'Connect an app' }).first().click();
    await page.getByLabel('App', { exact: true }).selectOption('github');
    await page.getByLabel('Token', { exact: true }).fill(testToken);
    await page.getByLabel('Webhook secret').fill(testWebhookSecret);
    await page.getByRole('button', { name: 'Connect GitHub' }).click();
    const dialog = page.getByRole('dialog', { name: 'Connection' });
    hookPath = new URL((await dialog.locator('code').textContent()) ?? '').pathname;
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Connect an app' }).click();
    await page.getByLabel('App', { exact: true }).selectOption('slack');
    await page.getByLabel('Token', { exact: true }).fill(testToken);
    await page.getByLabel('Api url').fill(slack.apiUrl);
    await page.getByRole('button', { name: 'Connect Slack' }).click();
    await dialog.getByRole('button', { name: 'Test' }).click();
    await page.getByText('It works').waitFor();
    assert.doesNotMatch(await page.content(), new RegExp(testToken));
    await page.keyboard.press('Escape');
  });

  it('makes an automation of a template and publishes it', async () => {
    const { page } = visitor;
    await page.getByRole('link', { name: 'Automations', exact: true }).click();
    await page.getByRole('link', { name: 'Begin with a template' }).click();
    await page.getByRole('button', { name: 'Look at Triage GitHub issues' }).click();
    await page.getByLabel('GitHub', { exact: true }).selectOption('GitHub');
    await page.getByLabel('Slack', { exact: true }).selectOption('Slack');
    await page.getByLabel('Channel').fill('#general');
    await page.getByLabel('Project').selectOption('Incoming');
    await page.getByRole('button', { name: 'Use this template' }).click();
    await page.getByRole('heading', { name: 'Triage GitHub issues' }).waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Published: it listens').waitFor();
    await page.getByRole('switch', { name: 'Triage GitHub issues is active' }).waitFor();
  });

  it('sees the run of a signed delivery come in, and go on to its success', async () => {
    const { page } = visitor;
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
    slack.proxy.hold();
    await deliver();
    const row = page.getByRole('row', { name: /Triage GitHub issues/ });
    await row.getByText(/Running|Waiting/).waitFor();
    await row.click();
    const steps = page.getByRole('listbox', { name: 'Steps' });
    await steps
      .getByRole('option', { name: /\btask\b/ })
      .getByText('Succeeded')
      .waitFor();
    await steps
      .getByRole('option', { name: /\btell\b/ })
      .getByText('Running')
      .waitFor();
    slack.proxy.release();
    await page.getByRole('status').getByText('Succeeded').waitFor();
    await steps
      .getByRole('option', { name: /\btell\b/ })
      .getByText('Succeeded')
      .waitFor();
    await steps
      .getByRole('option', { name: /not_a_bug/ })
      .getByText('Not taken')
      .first()
      .waitFor();
  });

  it('looks at what a step gave, and at the way that was taken', async () => {
    const { page } = visitor;
    await page.getByRole('option', { name: /\btask\b/ }).click();
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByRole('list', { name: 'Output' }).getByText('"Spelling error').first().waitFor();
    await details.getByRole('button', { name: 'Copy the expression steps.task.output.title' }).waitFor();
    assert.match(page.url(), /step=task/);
    await page.getByRole('button', { name: 'Canvas' }).click();
    await page.getByText('Not taken').first().waitFor();
  });

  it('finds the task on the board, and the delivery with its run', async () => {
    const { page } = visitor;
    await page.getByRole('link', { name: 'Projects' }).click();
    await page.getByText('Incoming').click();
    await page.getByRole('heading', { name: 'Incoming' }).waitFor();
    await page.getByRole('button', { name: 'Board' }).click();
    await page.getByRole('article', { name: /Spelling error/ }).waitFor();
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('row', { name: /github/ }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Triage GitHub issues' }).waitFor();
    await page.keyboard.press('Escape');
  });

  /** GitHub's own example of an opened issue, signed as GitHub does it. */
  async function deliver(): Promise<void> {
    const file = join(projectRoot, 'stack', 'vendors', 'payloads', 'github-issues-opened.json');
    const body = await readFile(file, 'utf8');
    const signature = createHmac('sha256', testWebhookSecret).update(body).digest('hex');
    const response = await fetch(system.address + hookPath, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issues',
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': `sha256=${signature}`,
      },
    });
    assert.equal(response.status, 202);
  }
});
