import assert from 'node:assert/strict';
import { z } from 'zod';
import { buildGitHubConnection, buildSlackConnection } from '#test/builders/build-connection.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { testSystem } from '#test/system.js';

const Templates = z.object({ items: z.array(z.object({ key: z.string(), document: z.looseObject({}) })) });
const Imported = z.object({
  items: z.array(z.object({ automation: z.object({ id: z.uuid() }), issues: z.array(z.unknown()) })),
});

describe('templates of automations', () => {
  it('are imported without anything left out, and published as they are', async () => {
    const { app } = await testSystem();
    const { caller } = await buildOrganization(app);
    await buildGitHubConnection(app, caller);
    await buildSlackConnection(app, caller, 'http://127.0.0.1:9/api/');
    const { id: project } = await buildProject(app, caller);
    const { items } = Templates.parse(await app.perform(caller, 'automations.list_templates', {}));
    assert.ok(items.length > 0);
    for (const { key, document } of items) {
      const parameters = z.looseObject({ parameters: z.array(z.object({ key: z.string() })) });
      const asked = parameters.parse(document).parameters.map((parameter) => parameter.key);
      const given = Object.entries({ github: 'GitHub', slack: 'Slack', project });
      const values = Object.fromEntries(given.filter(([name]) => asked.includes(name)));
      const imported = Imported.parse(
        await app.perform(caller, 'automations.import', { document, parameters: values }),
      );
      assert.deepEqual(
        imported.items.map(({ issues }) => issues),
        [[]],
        key,
      );
      await app.perform(caller, 'automations.publish', { id: imported.items[0]?.automation.id });
    }
  });
});
