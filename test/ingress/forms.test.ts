import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { chain } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { finishedRuns, startedRuns } from '../builders/watch-runs.js';
import { type ServedSystem, servedSystem, serveSystem } from './served-system.js';

const Automation = z.object({ id: z.uuid(), formUrl: z.string() });
const Trigger = z.object({ fields: z.record(z.string(), z.unknown()), submittedAt: z.iso.datetime() });

const fields = [
  {
    key: 'name',
    label: 'Your <name>',
    kind: 'text',
    required: true,
    help: 'First & last',
    limits: { maxLength: 20 },
  },
  { key: 'story', label: 'Story', kind: 'long_text' },
  { key: 'mail', label: 'E-mail', kind: 'email', required: true },
  { key: 'age', label: 'Age', kind: 'number', limits: { min: 18, whole: true } },
  { key: 'day', label: 'Day', kind: 'date', limits: { min: '2026-01-01' } },
  { key: 'size', label: 'Size', kind: 'choice', options: ['S', 'M', 'L'], required: true },
  { key: 'extras', label: 'Extras', kind: 'choices', options: ['Hat', 'Scarf', 'Bag'], limits: { max: 2 } },
  { key: 'agree', label: 'I agree', kind: 'checkbox', required: true },
  { key: 'paper', label: 'Paper', kind: 'file', limits: { maxSize: 1_000, accept: ['application/pdf'] } },
];
const complete = {
  name: 'Ada',
  story: 'One\r\nTwo',
  mail: 'ada@example.com',
  age: '36',
  day: '2026-05-01',
  size: 'M',
  extras: ['Hat', 'Bag'],
  agree: 'on',
};
type Given = Record<string, string | string[] | File>;

describe('a form', () => {
  let system: ServedSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await servedSystem();
    organization = await buildOrganization(system.app);
  });

  async function build(more: object = {}, app = system.app) {
    const input = { title: 'Order <it>', description: 'First.\n\nSecond.', fields, ...more };
    const node = { id: 'note', type: 'set', input: { values: { name: '{{ trigger.fields.name }}' } } };
    const draft = chain({ type: 'form', input }, [node]);
    const { caller } = organization;
    const { id } = Automation.parse(await app.perform(caller, 'automations.create', { name: 'Form', draft }));
    return Automation.parse(await app.perform(caller, 'automations.publish', { id }));
  }

  function bodyOf(given: Given, token: string = randomUUID(), more: Record<string, string> = {}): FormData {
    const body = new FormData();
    for (const [key, value] of Object.entries(given)) {
      for (const one of [value].flat()) body.append(`f.${key}`, one);
    }
    for (const [name, value] of Object.entries({ token, ...more })) body.append(name, value);
    return body;
  }
  const send = (url: string, body: FormData | URLSearchParams, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body, headers, redirect: 'manual' });

  it('is a page without scripts, whose texts are only texts', async () => {
    const { formUrl } = await build();
    const response = await fetch(formUrl);
    const page = await response.text();
    assert.equal(response.status, 200);
    assert.match(page, /<h1>Order &lt;it&gt;<\/h1>\s*<p>First\.<\/p>\s*<p>Second\.<\/p>/);
    assert.match(page, /<label for="f-name">Your &lt;name&gt;<\/label>/);
    assert.match(page, /id="f-name" name="f\.name" required aria-describedby="f-name-help"/);
    assert.doesNotMatch(page, /<script|style=|javascript:| on\w+=/);
    for (const { key } of fields) assert.match(page, new RegExp(`name="f\\.${key}"`));
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.equal(
      policy,
      "default-src 'none'; style-src 'self'; img-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(response.headers.get('set-cookie'), null);
    const style = await fetch(`${system.address}/assets/form.css`);
    assert.match(style.headers.get('content-type') ?? '', /^text\/css/);
  });

  it('starts a run with its fields, each of its own kind, and the file by reference', async () => {
    const { id, formUrl } = await build();
    const content = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(491)]);
    const paper = new File([content], 'paper.pdf', { type: 'application/pdf' });
    const response = await send(formUrl, bodyOf({ ...complete, paper }));
    assert.equal(response.status, 303);
    const thanks = await fetch(new URL(response.headers.get('location') ?? '', formUrl));
    assert.match(await thanks.text(), /Thank you\. Your answers have been sent\./);
    const [run] = await finishedRuns(system.app, organization.caller, id);
    const sha256 = createHash('sha256').update(content).digest('hex');
    assert.deepEqual(Trigger.parse(run?.trigger).fields, {
      name: 'Ada',
      story: 'One\nTwo',
      mail: 'ada@example.com',
      age: 36,
      day: '2026-05-01',
      size: 'M',
      extras: ['Hat', 'Bag'],
      agree: true,
      paper: { fileName: 'paper.pdf', contentType: 'application/pdf', size: 500, sha256 },
    });
    assert.deepEqual(run?.steps[0]?.output, { inline: { name: 'Ada' } });
    assert.equal((await system.app.services.files(organization.orgId).get(sha256)).length, 500);
  });

  it('works without files in the simple encoding, and takes what is left out as null', async () => {
    const { id, formUrl } = await build();
    const body = new URLSearchParams({
      token: randomUUID(),
      'f.name': 'Bo',
      'f.mail': 'b@example.com',
      'f.size': 'S',
      'f.agree': 'on',
    });
    assert.equal((await send(formUrl, body)).status, 303);
    const [run] = await finishedRuns(system.app, organization.caller, id);
    const { fields: got } = Trigger.parse(run?.trigger);
    assert.deepEqual([got.story, got.age, got.day, got.extras, got.paper], [null, null, null, [], null]);
  });

  it('tells what is wrong at each field and keeps what was typed', async () => {
    const { id, formUrl } = await build();
    const token = randomUUID();
    const wrong = {
      name: '"><script>alert(1)</script>',
      story: '</textarea>kept',
      mail: 'nobody',
      age: '17',
      day: '2025-12-31',
      size: 'XL',
      extras: ['Hat', 'Scarf', 'Bag'],
      paper: new File(['x'], 'a.txt', { type: 'text/plain' }),
    };
    const response = await send(formUrl, bodyOf(wrong, token));
    const page = await response.text();
    assert.equal(response.status, 422);
    assert.match(page, /<title>Error: /);
    const shown = (key: string) => new RegExp(`id="f-${key}-error">([^<]*)<`).exec(page)?.[1];
    assert.deepEqual(Object.fromEntries(fields.map(({ key }) => [key, shown(key)])), {
      name: 'At most 20 characters',
      story: undefined,
      mail: 'Enter an e-mail address',
      age: 'At least 18',
      day: 'Not before 2026-01-01',
      size: 'Choose from the list',
      extras: 'Choose 2 at most',
      agree: 'This has to be ticked',
      paper: 'Only application/pdf',
    });
    assert.match(page, /<a href="#f-mail">E-mail: Enter an e-mail address<\/a>/);
    assert.match(page, /aria-describedby="f-mail-error" aria-invalid="true"/);
    assert.match(page, /value="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;"/);
    assert.match(page, /&lt;\/textarea&gt;kept<\/textarea>/);
    assert.match(page, new RegExp(`name="token" value="${token}"`));
    assert.doesNotMatch(page, /<script/);
    const empty = await (await send(formUrl, bodyOf({}))).text();
    assert.equal(empty.match(/-error">This is required</g)?.length, 3);
    const pdf = (size: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]);
    const large = new File([pdf(1_001)], 'a.pdf', { type: 'application/pdf' });
    assert.match(
      await (await send(formUrl, bodyOf({ ...complete, paper: large }))).text(),
      /At most 1000 bytes</,
    );
    const disguised = new File(['<script>'], 'a.pdf', { type: 'application/pdf' });
    const refused = await send(formUrl, bodyOf({ ...complete, paper: disguised }));
    assert.match(await refused.text(), /Only application\/pdf</);
    assert.equal((await send(formUrl, bodyOf(complete, token))).status, 303);
    assert.equal((await finishedRuns(system.app, organization.caller, id)).length, 1);
  });

  it('is one delivery when it is sent twice, and two when its content has changed', async () => {
    const { id, formUrl } = await build();
    const token = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => send(formUrl, bodyOf(complete, token))));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [303, 303, 303],
    );
    assert.equal((await send(formUrl, bodyOf({ ...complete, name: 'Eva' }, token))).status, 303);
    assert.equal((await startedRuns(system.app, organization.caller, id, 2)).length, 2);
    assert.equal((await finishedRuns(system.app, organization.caller, id, 2)).length, 2);
  });

  it('leads on to another address where it says so, which its policy allows', async () => {
    const { formUrl } = await build({ afterwards: { redirect: 'https://example.com/done?x=1' } });
    const page = await fetch(formUrl);
    assert.match(
      page.headers.get('content-security-policy') ?? '',
      /form-action 'self' https:\/\/example\.com;/,
    );
    const response = await send(formUrl, bodyOf(complete));
    assert.equal(response.headers.get('location'), 'https://example.com/done?x=1');
  });

  it('keeps nothing that a machine or a page of someone else sends', async () => {
    const { id, formUrl } = await build();
    assert.equal(
      (await send(formUrl, bodyOf(complete, randomUUID(), { website: 'http://spam' }))).status,
      303,
    );
    assert.equal((await send(formUrl, bodyOf(complete), { 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await send(formUrl, bodyOf(complete), { 'sec-fetch-site': 'same-origin' })).status, 303);
    assert.equal((await finishedRuns(system.app, organization.caller, id)).length, 1);
  });

  it('is taken so many times a minute from one network, and the page says so', async () => {
    const { app, address } = await serveSystem({ limits: { formsPerMinute: 2 } });
    const { formUrl } = await build({}, app);
    assert.ok(formUrl.startsWith(address));
    await send(formUrl, bodyOf(complete));
    await send(formUrl, bodyOf(complete));
    const refused = await send(formUrl, bodyOf(complete));
    assert.equal(refused.status, 429);
    assert.ok(refused.headers.get('retry-after'));
    assert.match(refused.headers.get('content-type') ?? '', /^text\/html/);
  });

  it('is not found at a guessed address, or while it is paused', async () => {
    const { id, formUrl } = await build();
    const last = formUrl.at(-1) === '0' ? '1' : '0';
    assert.equal((await fetch(formUrl.slice(0, -1) + last)).status, 404);
    await system.app.perform(organization.caller, 'automations.pause', { id });
    const response = await fetch(formUrl);
    assert.equal(response.status, 404);
    assert.match(await response.text(), /There is no such form/);
    assert.equal((await send(formUrl, bodyOf(complete))).status, 404);
    assert.equal((await fetch(formUrl.replace('/forms/', '/hooks/form/'), { method: 'POST' })).status, 404);
  });
});
