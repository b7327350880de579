import assert from 'node:assert/strict';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import { edges, set, type TestNode } from '../automation/nodes.js';
import { buildAutomation } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { finishedRun, startRun, stepOf } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { type Attack, attacks, hostileInput } from './expression-attacks.js';

const StepPage = z.object({
  items: z.array(
    z.object({
      nodeId: z.string(),
      status: z.string(),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  ),
});

/** Usually under 100 ms; a machine at its limit takes longer, and one that is not guarded takes seconds. */
const maxMs = 400;
/** A machine that is busy with other things may be slow once, but not each time. */
const tries = 4;
const builtIns = [Object, Array, String, Number, Function, Promise].map((known) => known.prototype);

describe('expressions that attack', () => {
  const before = builtIns.map(ownKeys);
  afterEach(() => {
    assert.deepEqual(builtIns.map(ownKeys), before, 'prototypes are as they were');
  });

  for (const size of [10_000, 400_000]) {
    describe(`with values of ${size} characters`, () => {
      const scope = { trigger: hostileInput(size), steps: {}, run: { id: 'the-run' }, org: {} };
      for (const { name, expression } of attacks) {
        it(name, () => {
          const times = Array.from({ length: tries }, () => 0).map(() => timeOf(expression, scope));
          assert.ok(Math.min(...times) < maxMs, `took ${times.map(Math.round)} ms`);
        });
      }
    });
  }

  it('leave the names of fields alone', () => {
    const templates = JSON.parse(
      '{"__proto__": {"polluted": "{{ 1 }}"}, "constructor": {"prototype": {"polluted": "{{ 2 }}"}}}',
    );
    const value = evaluateTemplates(templates, { trigger: {}, steps: {} });
    assert.deepEqual(JSON.parse(JSON.stringify(value)), {
      ...JSON.parse('{"__proto__": {"polluted": 1}}'),
      constructor: { prototype: { polluted: 2 } },
    });
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('never evaluate what comes from outside', () => {
    const { template } = hostileInput(40);
    const scope = { trigger: { template }, steps: {} };
    assert.equal(evaluateTemplates('{{ trigger.template }}', scope), template);
    assert.equal(evaluateTemplates('x{{ trigger.template }}', scope), `x${template}`);
    const nested = evaluateTemplates({ a: ['{{ trigger }}'] }, scope);
    assert.deepEqual(nested, { a: [{ template }] });
  });
});

/** Milliseconds that its evaluation takes, less what others kept the machine busy. Fails unless it gives JSON or a clean error. */
function timeOf(expression: string, scope: object): number {
  const started = performance.now();
  const startedAt = process.cpuUsage();
  try {
    const value = evaluateTemplates({ value: `{{ ${expression} }}` }, { ...scope });
    JSON.stringify(value);
    assert.ok(!holdsFunction(value), 'holds no function');
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, 'validation');
    assert.ok(error.message.length < 1_000, 'a short message');
  }
  const { user, system } = process.cpuUsage(startedAt);
  return Math.min(performance.now() - started, (user + system) / 1_000);
}

function holdsFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsFunction);
}

function ownKeys(prototype: object): string[] {
  return Reflect.ownKeys(prototype).map(String).sort();
}

describe('runs whose expressions attack', function () {
  this.timeout(120_000);
  const perRun = 12;
  const perPublication = 20;
  let system: TestSystem;
  let organization: BuiltOrganization;
  let passing: Attack[];

  before(async () => {
    system = await workingSystem();
    organization = await buildOrganization(system.app);
    passing = await publishable();
  });

  /** The attacks that publishing does not refuse already. */
  async function publishable(): Promise<Attack[]> {
    const left: Attack[] = [];
    // JSON with other texts can't be stored at all.
    const storable = attacks.filter(
      ({ expression }) => /^[^\0]*$/.test(expression) && isWellFormed(expression),
    );
    for (let from = 0; from < storable.length; from += perPublication) {
      const some = storable.slice(from, from + perPublication);
      const refused = await refusedOf(some);
      left.push(...some.filter((_attack, index) => !refused.has(`attack_${index}`)));
    }
    assert.ok(
      storable.length - left.length > 30,
      `publishing refuses ${storable.length - left.length} of ${storable.length}`,
    );
    return left;
  }

  /** The nodes that publishing refuses. */
  async function refusedOf(some: readonly Attack[]): Promise<Set<string | undefined>> {
    const { nodes, between } = isolated(some);
    const definition = { name: 'Attacks', trigger: { type: 'manual' }, nodes, edges: edges(...between) };
    try {
      await buildAutomation(system.app, organization.caller, definition);
      return new Set();
    } catch (error) {
      assert.ok(error instanceof AppError && error.code === 'validation', String(error).slice(0, 500));
      return new Set(error.issues.map(({ node }) => node));
    }
  }

  for (const size of [1_000, 60_000]) {
    it(`end with a value or a clean error, with values of ${size} characters`, async () => {
      assert.ok(passing.length > 20, 'some are left');
      for (let from = 0; from < passing.length; from += perRun) {
        await runAll(passing.slice(from, from + perRun), hostileInput(size));
      }
    });
  }

  async function runAll(some: readonly Attack[], input: Record<string, unknown>): Promise<void> {
    const { app } = system;
    const { nodes, between } = isolated(some);
    const last = set('last', { polluted: '{{ {}.?polluted }}', template: '{{ trigger.template }}' });
    const definition = {
      name: 'Attacks',
      trigger: { type: 'manual' },
      nodes: [...nodes, last],
      edges: edges(...between, `loop_${some.length - 1}.done > last`),
    };
    const { id } = await buildAutomation(app, organization.caller, definition);
    const run = await finishedRun(
      app,
      organization.caller,
      await startRun(app, organization.caller, id, input),
    );
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(stepOf(run, 'last').output, { inline: { polluted: null, template: input.template } });
    const asked = { id: run.id, limit: 200 };
    const { items } = StepPage.parse(await app.perform(organization.caller, 'runs.list_steps', asked));
    for (const [index, { name }] of some.entries()) {
      const step = items.find(({ nodeId }) => nodeId === `attack_${index}`);
      assert.ok(
        step?.status === 'succeeded' || step?.error?.code === 'validation',
        `${name} ${JSON.stringify(step)}`,
      );
    }
  }
});

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Each attack in a loop of its own, where its failure ends nothing else. */
function isolated(some: readonly Attack[]): { nodes: TestNode[]; between: string[] } {
  const nodes = some.flatMap(({ expression }, index) => [
    { id: `loop_${index}`, type: 'loop', input: { items: [1] }, onItemError: 'continue' },
    set(`attack_${index}`, { value: `{{ ${expression} }}` }),
  ]);
  const between = some.flatMap((_attack, index) => [
    index === 0 ? 'trigger > loop_0' : `loop_${index - 1}.done > loop_${index}`,
    `loop_${index}.body > attack_${index}`,
  ]);
  return { nodes, between };
}
