import type { Dispatcher } from 'undici';
import { readHeaders, standardResponse } from './read-response.js';

/**
 * Gives an answer as a standard Response whose body comes as it is sent. Reading rejects with what `toError` makes of a failure;
 * a reader that cancels closes the connection. `onEnd` is called once nothing more will come.
 */
export function streamResponse(
  answer: Dispatcher.ResponseData,
  url: URL,
  { onEnd, toError }: { onEnd(): void; toError(error: unknown): unknown },
): Response {
  const parts = answer.body[Symbol.asyncIterator]();
  const stop = () => {
    onEnd();
    answer.body.destroy();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await parts.next();
          if (!done) return controller.enqueue(value);
          onEnd();
          controller.close();
        } catch (error) {
          onEnd();
          controller.error(toError(error));
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
  const response = standardResponse(answer, url, { headers: readHeaders(answer), body });
  if (response.body === null) stop();
  return response;
}
