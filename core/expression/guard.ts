import { type ASTNode, EvaluationError } from '@marcbachmann/cel-js';
import { childrenOf } from './ast.js';
import { AllowanceExceeded, spendSteps, spendText } from './meter.js';

/** The evaluator that cel-js hands to the nodes of a syntax tree. */
interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
  tryEval(node: ASTNode, context: unknown): unknown;
}

type Evaluate = (evaluator: Evaluator, node: ASTNode, context: unknown) => unknown;

/** What is done before a node is evaluated, and with its value. */
interface Watch {
  before?: () => void;
  after: ((value: unknown) => void)[];
}

const macros = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const searches = new Set(['contains', 'indexOf', 'lastIndexOf', 'split', 'replace']);
const longestArguments: Readonly<Record<string, number>> = { duration: 100, timestamp: 40 };
/** What asking CEL's own functions for the time in a zone counts. */
const stepsOfClock = 500;
const guarded = new WeakSet<Evaluator>();

/**
 * Makes the evaluation of a syntax tree count what it does (meter.ts). CEL always terminates, but macros within macros,
 * doubled texts and lists, and comparisons of values that hold the same part many times take exponential time and space.
 */
export function guardTree(root: ASTNode): void {
  const watches = new Map<ASTNode, Watch>();
  const watch = (node: ASTNode): Watch => {
    const known = watches.get(node) ?? { after: [] };
    watches.set(node, known);
    return known;
  };
  visit(root, watch);
  for (const [node, found] of watches) wrap(node, found);
}

function visit(node: ASTNode, watch: (node: ASTNode) => Watch): void {
  if (node.op === '+') watch(node).after.push(spendSum);
  if (Object.hasOwn(comparisons, node.op)) watchComparison(node, watch);
  if (node.op === 'call') watchArguments(node.args[0], node.args[1], watch);
  if (node.op === 'rcall') {
    const [name, receiver, given] = node.args;
    if (name.startsWith('get') && given.length > 0) watch(node).before = () => spendSteps(stepsOfClock);
    if (macros.has(name)) for (const body of given) watch(body).before = () => spendSteps(1);
    else {
      watchArguments(name, given, watch);
      watch(receiver).after.push(receiverCosts[name] ?? spendShallow);
      const [sought] = given;
      if (sought && searches.has(name)) watchSearch(receiver, sought, watch);
    }
  }
  for (const child of childrenOf(node)) visit(child, watch);
}

function watchArguments(name: string, given: readonly ASTNode[], watch: (node: ASTNode) => Watch): void {
  const longest = longestArguments[name] ?? Number.POSITIVE_INFINITY;
  for (const argument of given) {
    watch(argument).after.push((value) => {
      if (name === 'size') spendCharacters(value);
      else spendShallow(value);
      if (typeof value !== 'string') return;
      if (value.length > longest) throw new EvaluationError(`${name}() takes ${longest} characters`);
      if (name === 'timestamp') requireOffset(value);
    });
  }
}

/** Without one, a moment would be read in the time zone of the machine. */
function requireOffset(text: string): void {
  if (/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text)) return;
  throw new EvaluationError(
    'timestamp() requires a string in ISO 8601 format with an offset from UTC; parseDate() reads others',
  );
}

/** Looking for a long text in a long text can take the product of their lengths. */
function watchSearch(receiver: ASTNode, sought: ASTNode, watch: (node: ASTNode) => Watch): void {
  let length = 0;
  watch(sought).after.push((value) => {
    length = typeof value === 'string' ? value.length : 0;
  });
  // Evaluated after its arguments.
  watch(receiver).after.push((text) => {
    if (typeof text === 'string') spendSteps((text.length * length) / 1_024);
  });
}

function watchComparison(node: ASTNode, watch: (node: ASTNode) => Watch): void {
  const [left, right] = childrenOf(node);
  const spend = comparisons[node.op];
  if (!left || !right || !spend) return;
  let first: unknown;
  watch(left).after.push((value) => {
    first = value;
  });
  watch(right).after.push((second) => spend(first, second));
}

function spendMembership(value: unknown, list: unknown): void {
  if (Array.isArray(list)) for (const entry of list) spendEqual(value, entry);
}

function spendOrder(left: unknown, right: unknown): void {
  if (typeof left === 'string' && typeof right === 'string') spendText(Math.min(left.length, right.length));
}

/** Counts what a comparison of two values takes: as long as they are alike, all of their parts are looked at. */
function spendEqual(left: unknown, right: unknown): void {
  spendSteps(1);
  if (typeof left === 'string' && typeof right === 'string' && left.length === right.length)
    spendText(left.length);
  if (left === right || typeof left !== 'object' || typeof right !== 'object' || !left || !right) return;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return;
  for (const key of keys) spendEqual(Reflect.get(left, key), Reflect.get(right, key));
}

function spendShallow(value: unknown): void {
  if (typeof value === 'string' || value instanceof Uint8Array) spendText(value.length);
  else spendSteps(1);
}

function spendSum(value: unknown): void {
  if (Array.isArray(value)) spendSteps(1 + value.length);
  else spendShallow(value);
}

function spendEntries(value: unknown): void {
  if (Array.isArray(value)) for (const entry of value) spendShallow(entry);
  else spendShallow(value);
}

/** Each character may become an entry. */
function spendCharacters(value: unknown): void {
  if (typeof value === 'string') spendSteps(1 + value.length / 8);
}

/** Methods whose work depends on more than the length of a text. */
const receiverCosts: Readonly<Record<string, (value: unknown) => void>> = {
  join: spendEntries,
  split: spendCharacters,
  replace: spendCharacters,
  size: spendCharacters,
};

/** Operators whose work depends on the size of both sides. */
const comparisons: Readonly<Record<string, (left: unknown, right: unknown) => void>> = {
  '==': spendEqual,
  '!=': spendEqual,
  in: spendMembership,
  '<': spendOrder,
  '<=': spendOrder,
  '>': spendOrder,
  '>=': spendOrder,
};

function wrap(node: ASTNode, { before, after }: Watch): void {
  // On its first evaluation a node of cel-js replaces its own method by the one for its kind.
  let inner: Evaluate = Reflect.get(node, 'evaluate');
  // It then calls itself anew; what is counted may not depend on whether someone has evaluated the tree before.
  let isReplacing = false;
  const evaluate: Evaluate = (evaluator, self, context) => {
    if (isReplacing) {
      isReplacing = false;
      return inner.call(node, evaluator, self, context);
    }
    guardEvaluator(evaluator);
    before?.();
    const value = inner.call(node, evaluator, self, context);
    for (const look of after) look(value);
    return value;
  };
  Object.defineProperty(node, 'evaluate', {
    get: () => evaluate,
    set: (replaced: Evaluate) => {
      inner = replaced;
      isReplacing = true;
    },
  });
}

/** `||`, `&&`, `all` and `exists` go on after an error in a part of them; not after this one. */
function guardEvaluator(evaluator: Evaluator): void {
  if (guarded.has(evaluator)) return;
  guarded.add(evaluator);
  evaluator.tryEval = (node, context) => {
    try {
      return evaluator.run(node, context);
    } catch (error) {
      if (error instanceof AllowanceExceeded) throw error;
      return error;
    }
  };
}
