import { createServer } from 'node:http';
import { answerControl } from './control.js';
import { Exchange } from './exchange.js';
import { Models } from './persona-models.js';
import { PromptCache } from './prompt-cache.js';
import { answer, type Simulator } from './routes.js';
import type { FailureInput, ScriptInput } from './script.js';
import { type SeenRequest, SeenRequests } from './seen-requests.js';

export interface SimulatorOptions {
  /** 0 unless given: any free port. Only this machine can reach it. */
  port?: number;
  /** The API key that is accepted, by either protocol. */
  key: string;
  /** Offers all personas, scripts, and the control endpoints; otherwise there is the demo model only. */
  isForTests?: boolean;
  scripts?: readonly ScriptInput[];
}

export interface RunningSimulator {
  /** `http://127.0.0.1:port`; the base address of Anthropic's client. */
  origin: string;
  /** The base address of OpenAI's client. */
  openAiUrl: string;
  /** The requests to models that came, oldest first. */
  readonly requests: readonly SeenRequest[];
  readonly inFlight: number;
  /** Resolves when the condition is true of the requests that came. */
  until(condition: (requests: readonly SeenRequest[]) => boolean): Promise<void>;
  /** Adds a script, to be used as the model `scripted:<name>`; one of the same name begins anew. */
  putScript(script: ScriptInput): void;
  /** Lets the next requests fail, of one model or of any. */
  failNext(times: number, failure: FailureInput, model?: string): void;
  forget(): void;
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1 that speaks the protocols of OpenAI and Anthropic; its models are personas. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { key, isForTests = false, scripts = [] } = options;
  const models = new Models(isForTests);
  const seen = new SeenRequests();
  const simulator: Simulator = { models, seen, key, isForTests, cache: new PromptCache() };
  for (const script of scripts) models.putScript(script);

  const unseen = new SeenRequests(0);
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    const isControl = isForTests && request.url?.startsWith('/control/');
    const exchange = new Exchange(request, response, isControl || !isForTests ? unseen : seen);
    void (isControl ? answerControl(simulator, exchange) : answer(simulator, exchange));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    openAiUrl: `${origin}/v1`,
    requests: seen.all,
    get inFlight() {
      return seen.inFlight;
    },
    until: (condition) => seen.until(condition),
    putScript: (script) => models.putScript(script),
    failNext: (times, failure, model) => models.failNext(times, failure, model),
    forget() {
      models.forgetFailures();
      seen.clear();
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
