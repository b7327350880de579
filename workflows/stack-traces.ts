// The SDK takes a stack trace of every promise of a workflow, to answer "where does it hang". The graph's nodes already
// say that, and the traces cost more than all else a run computes.
Error.stackTraceLimit = 0;

/** What an error is to the SDK while it traces: nothing that has a trace. */
class Untraced {}

const store = { promiseToStack: new Map(), childToParent: new Map() };
let isTracing = false;

/**
 * What the SDK takes for the state of the workflow that a promise is of. Tracing asks for the store first, and reads
 * nothing else of use; the one other question is whose rejection nobody handled.
 */
const owner = {
  get promiseStackStore() {
    isTracing = true;
    return store;
  },
  get info(): unknown {
    return isTracing ? Untraced : Reflect.get(globalThis, '__TEMPORAL_ACTIVATOR__')?.info;
  },
};
const readOwner = () => {
  isTracing = false;
  return owner;
};
const readError = () => Untraced;

/** For each promise the SDK makes two functions that read from this realm, by what it takes for their constructor. */
const reading = (source: string) => (source === 'return globalThis.Error' ? readError : readOwner);

Object.defineProperty(Promise, 'constructor', { value: reading });
