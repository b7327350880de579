import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { chain } from '#test/builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { Automation } from './automation.js';
import { DefinitionDiff } from './diff/compare-definitions.js';
import { RestoredDraft } from './restored-draft.js';
import { Version, VersionSummary } from './version.js';

const Versions = z.object({ items: z.array(VersionSummary), nextBefore: z.int().nullable() });
const Drafts = z.object({
  items: z.array(z.object({ number: z.int(), draft: z.unknown(), replacedByName: z.string() })),
  nextBefore: z.int().nullable(),
});

const saying = (text: string) =>
  chain({ type: 'webhook' }, [{ id: 'note', type: 'set', input: { values: { text } } }]);

describe('versions of an automation', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  let id: string;
  before(async () => {
    ({ app } = await testSystem());
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
    ({ id } = Automation.parse(await perform('create', { name: 'Test', draft: saying('one') })));
  });

  const perform = (action: string, input: object) => app.perform(acme.caller, `automations.${action}`, input);
  const save = (draft: object) => perform('update', { id, draft });
  const draftNow = async () => Automation.parse(await perform('get', { id })).draft;
  const compare = async (sides: object) => DefinitionDiff.parse(await perform('diff', { id, ...sides }));
  const restore = async (publishedVersion: number, more: object = {}) =>
    RestoredDraft.parse(await perform('restore_version', { id, publishedVersion, ...more }));

  async function publish(text: string) {
    await save(saying(text));
    await perform('publish', { id, note: `Says ${text}` });
  }

  it('are listed newest first with author and note, a page at a time', async () => {
    for (const text of ['one', 'two', 'three']) await publish(text);
    const first = Versions.parse(await perform('list_versions', { id, limit: 2 }));
    assert.deepEqual(
      first.items.map(({ version, note, publishedByName }) => [version, note, publishedByName]),
      [
        [3, 'Says three', 'Olivia Owner'],
        [2, 'Says two', 'Olivia Owner'],
      ],
    );
    assert.equal(first.nextBefore, 2);
    const last = Versions.parse(await perform('list_versions', { id, limit: 2, before: first.nextBefore }));
    assert.deepEqual([last.items.map(({ version }) => version), last.nextBefore], [[1], null]);
  });

  it('are shown one by one, as they were published', async () => {
    await publish('one');
    await publish('two');
    const { version, note, definition } = Version.parse(
      await perform('get_version', { id, publishedVersion: 1 }),
    );
    assert.deepEqual([version, note], [1, 'Says one']);
    assert.deepEqual(definition, { ...saying('one'), ...filledIn });
    await assertRefused(perform('get_version', { id, publishedVersion: 3 }), 'not_found');
  });

  it('differ from each other and from the draft in what was changed', async () => {
    await publish('one');
    assert.equal((await compare({ from: 1 })).isChanged, false);
    await publish('two');
    const changes = [{ path: 'input.values.text', before: 'one', after: 'two' }];
    assert.deepEqual((await compare({ from: 1, to: 2 })).nodes.changed, [
      { id: 'note', type: 'set', changes },
    ]);
    await save({ ...saying('two'), layout: { note: { x: 1 } } });
    const moved = await compare({ from: '2' });
    assert.deepEqual([moved.isChanged, moved.layoutChanges], [false, 1]);
    await assertRefused(compare({ from: 9 }), 'not_found');
    await assertRefused(compare({ from: 'first' }), 'validation', 'from');
  });

  it('become the draft again, while the published one stays', async () => {
    await publish('one');
    await publish('two');
    const unfinished = { ...saying('three'), nodes: 'unfinished' };
    await save(unfinished);

    const restored = await restore(1);
    assert.equal((await compare({ from: 1 })).isChanged, false);
    assert.deepEqual([restored.publishedVersion, restored.status], [2, 'active']);

    const kept = Drafts.parse(await perform('list_drafts', { id }));
    assert.deepEqual(kept.items, [
      { number: restored.replacedDraft, draft: unfinished, replacedByName: 'Olivia Owner' },
    ]);
    const back = RestoredDraft.parse(await perform('restore_draft', { id, number: restored.replacedDraft }));
    assert.deepEqual(back.draft, unfinished);
    assert.deepEqual(await draftNow(), unfinished);
  });

  it('lose no draft, however often one is restored', async () => {
    await publish('one');
    await publish('two');
    await save(saying('mine'));
    const first = await restore(1);
    const second = await restore(2);
    const { items } = Drafts.parse(await perform('list_drafts', { id, limit: 1 }));
    assert.equal(items[0]?.number, second.replacedDraft);
    await perform('restore_draft', { id, number: first.replacedDraft });
    assert.deepEqual(await draftNow(), saying('mine'));
    await assertRefused(perform('restore_draft', { id, number: 999 }), 'not_found');
  });

  it('change nothing when the draft is the same already', async () => {
    await publish('one');
    const first = await restore(1);
    const again = await restore(1);
    assert.equal(again.replacedDraft, null);
    assert.equal(again.version, first.version);
  });

  it('are not restored over a draft that was saved meanwhile', async () => {
    await publish('one');
    const { version } = Automation.parse(await save(saying('seen')));
    await save(saying('newer'));
    await assertRefused(restore(1, { version }), 'conflict', 'version');
    assert.deepEqual(await draftNow(), saying('newer'));
  });
});

/** What publishing adds to a definition that does not say it. */
const filledIn = { settings: {}, layout: {}, trigger: { type: 'webhook', input: {} } };
