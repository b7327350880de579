import { z } from 'zod';
import type { Exchange } from './exchange.js';
import type { Simulator } from './routes.js';
import { Failure, Script } from './script.js';

const FailureOrder = z.strictObject({
  times: z.number().int().min(1).max(10_000),
  failure: Failure,
  model: z.string().optional(),
});

/**
 * What tests do from another process; the product's simulator does not have it.
 * - `PUT /control/scripts`: a script.
 * - `POST /control/failures`: `{ times, failure, model? }`; `DELETE` forgets those that are left.
 * - `GET /control/requests`: `{ inFlight, requests }`; `DELETE` forgets them.
 */
export async function answerControl({ models, seen }: Simulator, exchange: Exchange): Promise<void> {
  const done = (body: unknown = {}) => exchange.sendJson({ status: 200, headers: {}, body });
  try {
    switch (`${exchange.method} ${exchange.path}`) {
      case 'PUT /control/scripts':
        models.putScript(Script.parse(await exchange.readJson()));
        return done();
      case 'POST /control/failures': {
        const { times, failure, model } = FailureOrder.parse(await exchange.readJson());
        models.failNext(times, failure, model);
        return done();
      }
      case 'DELETE /control/failures':
        models.forgetFailures();
        return done();
      case 'GET /control/requests':
        return done({ inFlight: seen.inFlight, requests: seen.all });
      case 'DELETE /control/requests':
        seen.clear();
        return done();
      default:
        exchange.sendJson({ status: 404, headers: {}, body: { error: 'no such control' } });
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    exchange.sendJson({ status: 400, headers: {}, body: { error: error.message } });
  }
}
