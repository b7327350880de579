/** One local activity that has ended, and how to tell whoever waits for it. */
interface Ended {
  place: number;
  release(): void;
}

// State of one workflow: each workflow evaluates this module anew.
let requested = 0;
let outstanding = 0;
let ended: Ended[] = [];

/**
 * Runs a local activity, and hands its result out when every other that is under way has ended too, in the order in
 * which they were requested.
 *
 * Local activities that run side by side end in any order, one workflow activation each. On replay their results come
 * all together. Handed out as they come, they would let the code go on in another order than the history tells. In
 * rounds, what follows depends on neither.
 */
export async function inRound<Result>(start: () => Promise<Result>): Promise<Result> {
  const place = requested;
  requested += 1;
  outstanding += 1;
  const [outcome] = await Promise.allSettled([start()]);
  return new Promise((resolve, reject) => {
    const release = () => (outcome.status === 'fulfilled' ? resolve(outcome.value) : reject(outcome.reason));
    ended.push({ place, release });
    outstanding -= 1;
    if (outstanding === 0) releaseAll();
  });
}

function releaseAll(): void {
  const round = ended.sort((a, b) => a.place - b.place);
  ended = [];
  for (const { release } of round) release();
}
