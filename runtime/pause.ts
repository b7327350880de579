/** Waits for a time, until `signal` is aborted, or until the function that `onStart` is given is called. */
export function pause(ms: number, signal: AbortSignal, onStart: (resume: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const resume = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', resume);
      resolve();
    };
    const timer = setTimeout(resume, ms);
    signal.addEventListener('abort', resume);
    onStart(resume);
    if (signal.aborted) resume();
  });
}
