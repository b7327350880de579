import OpenAI from 'openai';
import type { App } from '#app.js';
import { complete } from '#runtime/ai/gateway.js';
import { reserve } from '#runtime/ai/reserve.js';
import { settle } from '#runtime/ai/settle.js';
import {
  buildBudget,
  buildModelOrganization,
  buildScriptedModel,
  chooseModels,
  connectModels,
  modelKey,
  testModels,
} from '#test/builders/build-models.js';
import { summarize, timed } from './statistics.js';

export interface AiResult {
  /** Holding an amount back in three budgets. */
  reserveP50Ms: number;
  reserveP99Ms: number;
  /** To the first streamed word, asked by the vendor's own client. */
  directP50Ms: number;
  /** The same through the gateway. */
  gatewayP50Ms: number;
}

const rounds = 10;
const perRound = 30;
const messages = [{ role: 'user' as const, content: 'Go' }];

/** What the gateway adds to a call of a model: its check of budgets alone, and the way to the first word. */
export async function measureAi(app: App): Promise<AiResult> {
  const { use, caller, orgId } = await buildModelOrganization(app);
  const { services } = app;
  const simulator = await testModels();
  const script = { rules: [{ reply: { text: 'One two three four five six seven.' } }] };
  const model = await buildScriptedModel(app, caller, 'openai', script);
  await chooseModels(app, caller, [{ connectionId: await connectModels(app, caller, 'openai'), model }]);
  for (const given of [{ period: 'day' }, { period: 'month' }, { scope: 'user', period: 'month' }])
    await buildBudget(app, caller, { limitMinor: 1_000_000_000, ...given });

  const reserving = { use, amount: 1_000, lane: 'bench', maxConcurrentCalls: 1_000, timeoutMs: 60_000 };
  const reserveOnce = async () => {
    const began = performance.now();
    const reservation = await reserve(services.database, reserving);
    const took = performance.now() - began;
    await services.database.withOrg(orgId, (transaction) => settle(transaction, orgId, reservation, 1_000));
    return took;
  };
  const client = new OpenAI({ apiKey: modelKey, baseURL: simulator.openAiUrl, maxRetries: 0 });
  const direct = () => timed(() => firstWordOf(client, model));
  const gateway = () => firstWordThrough(app, use);

  const samples = { reserve: [] as number[], direct: [] as number[], gateway: [] as number[] };
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, measure] of [
      ['reserve', reserveOnce],
      ['direct', direct],
      ['gateway', gateway],
    ] as const) {
      for (let done = 0; done < perRound; done += 1) {
        const took = await measure();
        // The first round warms up.
        if (round >= 0) samples[name].push(took);
      }
    }
  }
  const reserves = summarize(samples.reserve);
  return {
    reserveP50Ms: reserves.p50,
    reserveP99Ms: reserves.p99,
    directP50Ms: summarize(samples.direct).p50,
    gatewayP50Ms: summarize(samples.gateway).p50,
  };
}

async function firstWordOf(client: OpenAI, model: string): Promise<void> {
  const chunks = await client.chat.completions.create({ model, messages, stream: true });
  for await (const chunk of chunks) if (chunk.choices[0]?.delta.content) return;
}

/** Milliseconds until the first word is there; the rest of the answer is waited for, but not counted. */
async function firstWordThrough({ services }: App, use: Parameters<typeof complete>[1]): Promise<number> {
  const began = performance.now();
  let first = Number.NaN;
  const onText = () => {
    if (Number.isNaN(first)) first = performance.now() - began;
  };
  const request = { messages: [{ role: 'user' as const, text: 'Go' }] };
  await complete(services, use, request, { signal: new AbortController().signal, onText });
  return first;
}
