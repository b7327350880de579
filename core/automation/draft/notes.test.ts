import assert from 'node:assert/strict';
import { AutomationDefinition } from '../definition.js';
import { Draft } from './draft.js';
import { placeNodes, removeNodes } from './edit-draft.js';
import { addNote, changeNotes, notesOf, removeNotes } from './notes.js';

const empty = Draft.parse({ name: 'Noted', nodes: [{ id: 'a', type: 'set', input: { values: {} } }] });

describe('notes on a canvas', () => {
  it('are added, changed and removed, each under an id of its own', () => {
    const { draft: one, id: first } = addNote(empty, { x: 12, y: 24 });
    const { draft: two, id: second } = addNote(one, { x: 0, y: 0 });
    assert.notEqual(first, second);
    const changed = changeNotes(two, { [first]: { text: 'Why', width: 300 } });
    assert.deepEqual(notesOf(changed)[0], { id: first, x: 12, y: 24, width: 300, height: 120, text: 'Why' });
    assert.deepEqual(notesOf(changed)[1], notesOf(two)[1]);
    const left = removeNotes(changed, [first]);
    assert.deepEqual(
      notesOf(left).map(({ id }) => id),
      [second],
    );
    assert.notEqual(addNote(left, { x: 0, y: 0 }).id, second);
    assert.deepEqual(removeNotes(left, [second]).layout, {});
    assert.equal(removeNotes(left, ['nobody']), left);
    assert.equal(changeNotes(left, { nobody: { text: 'x' } }), left);
  });

  it('stay when steps are moved, arranged or removed, and when the definition is published', () => {
    const { draft } = addNote(empty, { x: 0, y: 0 });
    const notes = notesOf(draft);
    const moved = placeNodes(draft, { a: { x: 1, y: 2 } });
    assert.deepEqual(notesOf(moved), notes);
    assert.deepEqual(notesOf(placeNodes(moved, undefined)), notes);
    assert.deepEqual(notesOf(removeNodes(moved, ['a'])), notes);
    const { layout } = AutomationDefinition.parse({ ...moved, trigger: { type: 'manual' } });
    assert.deepEqual(notesOf({ layout }), notes);
  });

  it('leave out what is no note', () => {
    assert.deepEqual(notesOf({ layout: { notes: [{ id: 'x' }, null] } }), []);
    assert.deepEqual(notesOf({ layout: { notes: 'x' } }), []);
  });
});
