import { useEffect, useState } from 'react';

/** The present moment in milliseconds, each second anew while something goes on; else as it was. */
export function useNow(isGoingOn: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isGoingOn) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isGoingOn]);
  return now;
}
