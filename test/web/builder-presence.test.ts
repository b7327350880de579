import type { Page } from 'playwright-core';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { logIn, type Visit, visit } from './browser.js';
import { draftOf, makeAutomation, openBuilder, setStep } from './builder-visit.js';

describe('two people with one draft open', () => {
  let system: SignInSystem;
  let acme: BuiltOrganization;
  let visitors: Visit[];
  let ours: Page;
  let theirs: Page;
  let id: string;
  before(async () => {
    system = await signInSystem();
    acme = await buildOrganization(system.app);
    const manager = await buildMember(system.app, acme, 'manager');
    const draft = draftOf('Shared', [setStep('first'), setStep('second')]);
    id = await makeAutomation(system.app, acme.caller, draft);
    visitors = [await visit(system.address), await visit(system.address)];
    const [one, other] = visitors as [Visit, Visit];
    ours = one.page;
    theirs = other.page;
    await logIn(ours, acme);
    await logIn(theirs, manager);
  });
  afterEach(() => {
    for (const visitor of visitors) visitor.assertQuiet();
  });
  after(() => Promise.all(visitors.map((visitor) => visitor.close())));

  const here = () => ours.getByRole('img', { name: 'Here too: A manager' });

  it('see each other come, which step the other has chosen, and go', async () => {
    await openBuilder(ours, id, 'Shared');
    await openBuilder(theirs, id, 'Shared');
    await here().waitFor();
    await theirs.getByRole('img', { name: /^Here too: / }).waitFor();
    await theirs.getByRole('group', { name: /^second/ }).click();
    const second = ours.getByRole('group', { name: /^second/ });
    await second.getByRole('img', { name: 'Open at A manager' }).waitFor();
    await theirs.getByRole('group', { name: /^first/ }).click();
    await ours
      .getByRole('group', { name: /^first/ })
      .getByRole('img', { name: 'Open at A manager' })
      .waitFor();
    await second.getByRole('img', { name: 'Open at A manager' }).waitFor({ state: 'detached' });
    await ours.goto(`/automations/${id}/edit?view=list`);
    await ours.getByRole('listitem', { name: 'first' }).getByText('Open at A manager').waitFor();
    await theirs.getByRole('link', { name: 'Runs', exact: true }).click();
    await here().waitFor({ state: 'detached' });
  });

  it('are not there any more when a window is closed', async () => {
    await openBuilder(ours, id, 'Shared');
    await openBuilder(theirs, id, 'Shared');
    await here().waitFor();
    await theirs.goto('about:blank');
    await here().waitFor({ state: 'detached' });
  });
});
