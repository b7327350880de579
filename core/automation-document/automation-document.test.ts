import assert from 'node:assert/strict';
import { AutomationDocument } from './automation-document.js';

const head = { format: 'worksynapse.automation', version: 1 };
const automation = { name: 'Test' };
const channel = { key: 'channel', title: 'Channel', type: 'string' };

function pathsOf(document: object): string[] {
  const { error } = AutomationDocument.safeParse({ ...head, ...document });
  return (error?.issues ?? []).map(({ path }) => path.join('.'));
}

describe('the document of an automation', () => {
  it('holds one automation or several, and never both or none', () => {
    assert.deepEqual(pathsOf({ automation }), []);
    assert.deepEqual(pathsOf({ automations: [automation, automation] }), []);
    assert.deepEqual(pathsOf({}), ['automation']);
    assert.deepEqual(pathsOf({ automation, automations: [automation] }), ['automation']);
  });

  it('is of a known format and version', () => {
    assert.deepEqual(pathsOf({ automation, format: 'n8n' }), ['format']);
    assert.deepEqual(pathsOf({ automation, version: 2 }), ['version']);
  });

  it('has parameters with different keys and defaults of their type', () => {
    assert.deepEqual(pathsOf({ automation, parameters: [channel, channel] }), ['parameters.1.key']);
    const limit = { key: 'limit', title: 'Limit', type: 'number' };
    assert.deepEqual(pathsOf({ automation, parameters: [{ ...limit, default: '3' }] }), [
      'parameters.0.default',
    ]);
    assert.deepEqual(pathsOf({ automation, parameters: [{ ...limit, default: 3 }] }), []);
    assert.deepEqual(pathsOf({ automation, parameters: [{ ...channel, default: '{{ trigger }}' }] }), [
      'parameters.0.default',
    ]);
  });

  it('names the app of a connection, and of nothing else', () => {
    const slack = { key: 'slack', title: 'Slack', type: 'connection' };
    assert.deepEqual(pathsOf({ automation, parameters: [slack] }), ['parameters.0.connector']);
    assert.deepEqual(pathsOf({ automation, parameters: [{ ...slack, connector: 'slack' }] }), []);
    assert.deepEqual(pathsOf({ automation, parameters: [{ ...channel, connector: 'slack' }] }), [
      'parameters.0.connector',
    ]);
  });
});
