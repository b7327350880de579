import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type SlackServer, startSlackServer } from '#stack/vendors/slack-server.js';
import { type Api, requireReadySystem } from './demo/api.js';
import { connectApps, type DemoApps } from './demo/connect-apps.js';
import { DemoError, expectEqual } from './demo/demo-error.js';
import { type FollowedRun, followFirstRun } from './demo/follow-run.js';
import { prepareGitHubDelivery } from './demo/play-github.js';
import { receivedAttachment, sendMail } from './demo/play-mail.js';
import { printRun } from './demo/print-run.js';
import { type PublishedAutomation, publishAutomation } from './demo/publish-automation.js';
import { type DemoSettings, readDemoSettings } from './demo/settings.js';
import { type DemoOrganization, signUp } from './demo/sign-up.js';
import { type DemoTask, taskOfRun } from './demo/task-of-run.js';

// The program behind `npm run demo`: plays real input through a running system, over public protocols only.

try {
  await demo(readDemoSettings(process.env));
} catch (error) {
  process.exitCode = 1;
  console.error(reasonOf(error));
}

async function demo(settings: DemoSettings): Promise<void> {
  await requireReadySystem(settings.apiUrl);
  console.log(`WorkSynapse demo, with the system at ${settings.apiUrl}`);
  const slackToken = `xoxb-${randomBytes(12).toString('hex')}`;
  const slack = await startSlackServer({ token: slackToken, channels: ['bugs', 'requests'] });
  try {
    title('1. An organization signs up and connects its apps');
    const organization = await signUp(settings.apiUrl);
    const apps = await connectApps(organization.api, { apiUrl: slack.url, token: slackToken });
    line('Organization', `${organization.name}, owner ${organization.email}`);
    line('Connections', `GitHub; Slack (a local server that speaks its API, ${slack.url})`);

    title('2. It publishes two automations');
    const { triage, emailToTask } = await publishAutomations(organization.api, apps);
    line(triage.name, `listens at ${shortened(apps.githubHookUrl)}`);
    line(emailToTask.name, `listens at ${shortened(emailToTask.inboundAddress)}`);

    await playGitHub(organization.api, apps, triage, slack);
    await playMail(settings, organization.api, emailToTask, slack);
    sayWhatNext(organization);
  } finally {
    await slack.close();
  }
}

async function publishAutomations(api: Api, apps: DemoApps) {
  const values = { project: apps.projectId, github: apps.githubId, slack: apps.slackId };
  const triage = await publishAutomation(api, 'triage-github-issues.json', values);
  const emailToTask = await publishAutomation(api, 'email-to-task.json', values);
  return { triage, emailToTask };
}

async function playGitHub(api: Api, apps: DemoApps, automation: PublishedAutomation, slack: SlackServer) {
  title('3. GitHub says that an issue was opened: condition → task → Slack');
  const delivery = await prepareGitHubDelivery(apps);
  const began = performance.now();
  await delivery.send();
  line('Webhook accepted', `202 after ${millisecondsSince(began)} ms`);
  const run = await followFirstRun(api, automation.id);
  const total = millisecondsSince(began);
  const task = await taskOfRun(api, run);
  expectEqual("The task's title", task.title, delivery.issue.title);
  const message = messageAbout(slack, task);
  printOutcome(run, { task, message, total });

  const repeat = await delivery.send();
  expectEqual('The answer to the same delivery again', repeat.isDuplicate, true);
  await delivery.sendForged();
  line('Sent again', 'recognized as a duplicate; no second run');
  line('Forged signature', 'refused with 401');
}

async function playMail(
  settings: DemoSettings,
  api: Api,
  automation: PublishedAutomation,
  slack: SlackServer,
) {
  title('4. A customer writes an email: parse → task → Slack');
  const began = performance.now();
  const mail = await sendMail(settings, automation.inboundAddress);
  line('Mail accepted', `250 after ${millisecondsSince(began)} ms, from ${mail.sender.address}`);
  const run = await followFirstRun(api, automation.id);
  const total = millisecondsSince(began);
  const task = await taskOfRun(api, run);
  expectEqual("The task's title", task.title, mail.subject);
  const attachment = receivedAttachment(run);
  expectEqual('The hash of the attachment', attachment.sha256, mail.attachment.sha256);
  const message = messageAbout(slack, task);
  printOutcome(run, { task, message, total });
  line('Attachment', `${attachment.filename}, ${attachment.size} bytes, SHA-256 as it was sent`);
}

/** The one message in the workspace that tells of this task. Throws DemoError if there is none, or a second. */
function messageAbout(slack: SlackServer, task: DemoTask): string {
  const messages = slack.messages.filter(({ text }) => text.includes(task.title));
  expectEqual(`The number of Slack messages about "${task.title}"`, messages.length, 1);
  return messages[0]?.text ?? '';
}

function printOutcome(run: FollowedRun, seen: { task: DemoTask; message: string; total: number }): void {
  const { task, message, total } = seen;
  printRun(run);
  line('Task', `"${task.title}", ${task.status}, priority ${task.priority}, ${task.labels.join(', ')}`);
  line('Slack got', message);
  line('Run', `${run.status}, ${total} ms from sending to its end as seen from here`);
}

function sayWhatNext({ api, email, password }: DemoOrganization): void {
  title('Everything went as expected. What to try next');
  line('See it all', `${api.url}/log-in`);
  line('', `email ${email}, password ${password}`);
  line('API reference', `${api.url}/docs`);
  line('Sent mail', `${api.url}/dev/mailbox (development only)`);
  line('List the tasks', 'the token is good for 15 minutes');
  console.log(`
TOKEN=${api.accessToken}
curl -H "Authorization: Bearer $TOKEN" ${api.url}/v1/tasks`);
}

function title(text: string): void {
  console.log(`\n${text}`);
}

function line(label: string, text: string): void {
  console.log(`  ${label.padEnd(21)} ${text}`);
}

/** Hook keys are 64 characters long. */
function shortened(address: string): string {
  return address.replace(/([0-9a-f]{8})[0-9a-f]{56}/, '$1…');
}

function millisecondsSince(began: number): number {
  return Math.round(performance.now() - began);
}

function reasonOf(error: unknown): unknown {
  if (error instanceof DemoError) return `\nThe demo ended early. ${error.message}`;
  if (error instanceof z.ZodError)
    return `\nAn answer is not of the expected form.\n${z.prettifyError(error)}`;
  return error;
}
