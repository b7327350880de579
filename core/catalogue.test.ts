import assert from 'node:assert/strict';
import { z } from 'zod';
import { type ActionDescription, defineAction, type HttpRoute } from './action.js';
import { createCatalogue, type Domain } from './catalogue.js';
import { type ConnectorTrigger, defineConnector, defineConnectorAction } from './connector.js';
import { defineEvent } from './event.js';

const created = defineEvent({
  type: 'task.created',
  title: 'Task created',
  description: 'A task was made.',
  payload: z.object({ id: z.string() }),
});

const definition = {
  name: 'tasks.create',
  title: 'Create task',
  description: 'Adds a task.',
  permission: 'tasks:create',
  effect: 'write',
  http: { method: 'post', path: '/tasks' },
  input: z.object({}),
  output: z.object({}),
  emits: [created.type],
} as const;

function action(changes: object = {}): ActionDescription {
  return defineAction({ ...definition, run: async () => ({}), ...changes });
}

function domain(...actions: ActionDescription[]): Domain<ActionDescription> {
  return { name: 'work', description: 'Work.', actions, events: [created] };
}

function at(method: HttpRoute['method'], path: string, name: string): ActionDescription {
  return action({ name, http: { method, path } });
}

const mentioned: ConnectorTrigger = {
  name: 'chat.mentioned',
  title: 'Mentioned',
  description: 'A mention.',
  output: z.object({ message: z.object({ text: z.string() }) }),
  sample: { message: { text: 'Hello' } },
};

const chat = defineConnector({
  name: 'chat',
  title: 'Chat',
  description: 'Messages.',
  config: z.object({}),
  auth: { kind: 'none' },
  actions: [
    defineConnectorAction({
      name: 'chat.post',
      title: 'Post',
      description: 'Posts.',
      permission: 'chat:post',
      effect: 'send',
      input: z.object({}),
      output: z.object({}),
      run: async () => ({}),
    }),
  ],
  triggers: [mentioned],
  test: async () => ({ account: 'me' }),
});

function refuses(actions: ActionDescription[], message: RegExp): void {
  assert.throws(() => createCatalogue([domain(...actions)], []), message);
}

describe('the catalogue', () => {
  it('finds actions of domains and connectors, triggers and permissions', () => {
    const open = action({ name: 'identity.log_in', permission: 'public', http: undefined });
    const catalogue = createCatalogue([domain(action(), open)], [chat]);
    assert.equal(catalogue.action('tasks.create').title, 'Create task');
    assert.equal(catalogue.action('chat.post').permission, 'chat:post');
    assert.equal(catalogue.connector('chat'), chat);
    assert.deepEqual([...catalogue.triggers.keys()], ['chat.mentioned']);
    assert.equal(catalogue.triggers.get('chat.mentioned')?.connector, 'chat');
    assert.deepEqual(catalogue.permissions, ['chat:post', 'tasks:create']);
  });

  it('tells what it does not know', () => {
    const catalogue = createCatalogue([domain(action())], [chat]);
    for (const look of [() => catalogue.action('tasks.fly'), () => catalogue.connector('fax')]) {
      assert.throws(look, { name: 'AppError', code: 'not_found' });
    }
    assert.throws(() => catalogue.action('constructor'), { code: 'not_found' });
  });

  it('refuses two actions of one name, also of a connector', () => {
    refuses([action(), action({ http: undefined })], /action tasks\.create is defined twice/);
    assert.throws(
      () => createCatalogue([domain(action({ name: 'chat.post' }))], [chat]),
      /action chat\.post is defined twice/,
    );
  });

  it('refuses two actions with one route, whatever their parameters are called', () => {
    refuses([at('get', '/tasks', 'tasks.list'), at('get', '/tasks', 'tasks.find')], /route get \/tasks /);
    refuses(
      [at('get', '/tasks/:id', 'tasks.get'), at('get', '/tasks/:taskId', 'tasks.find')],
      /route get \/tasks/,
    );
  });

  it('takes one path with several methods, and a path that only begins alike', () => {
    const actions = [
      at('get', '/tasks/:id', 'tasks.get'),
      at('delete', '/tasks/:id', 'tasks.delete'),
      at('get', '/tasks/:id/history', 'tasks.history'),
    ];
    assert.equal(createCatalogue([domain(...actions)], []).actions.size, 3);
  });

  it('refuses an action without an effect or with one that it does not know', () => {
    refuses([action({ effect: undefined })], /action tasks\.create has no effect/);
    refuses([action({ effect: 'harmless' })], /has no effect/);
  });

  it('refuses an action without a permission of the form resource:verb', () => {
    for (const permission of [undefined, '', 'tasks', 'tasks:*', '*', 'Tasks:create', 'a:b:c']) {
      refuses([action({ permission })], /action tasks\.create has no permission/);
    }
  });

  it('refuses an event that no domain defines', () => {
    refuses([action({ emits: ['task.vanished'] })], /emits task\.vanished, which no domain defines/);
  });

  it('refuses a name that is not domain.verb', () => {
    for (const name of ['tasks', 'tasks.Create', 'tasks.create.now', '.create', 'tasks-x.create']) {
      refuses([action({ name })], /is not named domain\.verb/);
    }
  });

  it('refuses a second domain, event, connector or trigger of a name', () => {
    const work = domain(action());
    assert.throws(() => createCatalogue([work, work], []), /event task\.created is defined twice/);
    assert.throws(
      () => createCatalogue([work], [chat, chat]),
      /connector chat is.*trigger chat\.mentioned is/s,
    );
  });

  it('shows the sample of a trigger, and refuses one that the trigger could not give', () => {
    const trigger = createCatalogue([domain(action())], [chat]).triggers.get('chat.mentioned');
    assert.equal(trigger?.sample({}, 0), mentioned.sample);
    for (const sample of [{ message: { text: 1 } }, undefined]) {
      const wrong = { ...chat, triggers: [{ ...mentioned, sample }] };
      assert.throws(
        () => createCatalogue([domain(action())], [wrong]),
        /trigger chat\.mentioned has a sample that does not fit its output: sample(\.message\.text)?: /,
      );
    }
  });

  it('names every mistake at once', () => {
    refuses(
      [action({ effect: undefined }), action({ permission: undefined })],
      /twice.*no effect.*no permission/s,
    );
  });
});
