/** Expressions that got out of the sandbox of some other automation engine, or that would bring a worker to a halt. */
export interface Attack {
  name: string;
  expression: string;
}

/** `item(0)` bound, then each of the others to an expression of the one before, and `result` of the last. */
function bound(
  first: string,
  times: number,
  next: (name: string) => string,
  result = (name: string) => name,
) {
  let expression = result(`v${times}`);
  for (let index = times; index > 0; index -= 1)
    expression = `cel.bind(v${index}, ${next(`v${index - 1}`)}, ${expression})`;
  return `cel.bind(v0, ${first}, ${expression})`;
}

const wide = (name: string) => `[${Array.from({ length: 40 }, () => name).join(', ')}]`;

/** Ways from a value to code: constructors, prototypes, globals, calls. */
const escapes = [
  "''.constructor.constructor('return process')()",
  'trigger.constructor',
  "trigger['constructor']",
  "trigger['con' + 'structor']",
  "trigger.list.map(x, x['constructor'])",
  'trigger.?constructor.orValue(1)',
  'trigger[?"__proto__"]',
  'trigger.__proto__',
  "trigger['__proto__']['polluted']",
  'trigger.list.__proto__.push(1)',
  'trigger.text.toString()',
  'trigger.text.__defineGetter__',
  "trigger.hostile['__proto__']",
  'trigger.hostile.polluted',
  'trigger.hostile.toString',
  'trigger.hostile.constructor.prototype',
  'trigger.throwing.a',
  'trigger.throwing == trigger.hostile',
  'toJson(trigger)',
  'has(trigger.constructor)',
  'has(trigger.text.constructor)',
  'size.constructor',
  'cel.constructor',
  'cel.bind.constructor',
  'cel.bind(constructor, 1, constructor)',
  'google.protobuf.constructor',
  'type(trigger).constructor',
  "type('')['constructor']",
  'optional.of(trigger).constructor',
  "duration('1s').constructor",
  "timestamp('2026-01-01T00:00:00Z').constructor",
  "b'a'.constructor",
  "b'{}'.json()",
  'this',
  'globalThis.process',
  'process.mainModule.require("child_process").execSync("id")',
  'require("fs")',
  'import("fs")',
  '$evaluateExpression("1")',
  '$json.a',
  'eval("1")',
  'Function("return 1")()',
  'new Date()',
  '(() => 1)()',
  'function() { return 1 }',
  'trigger.text = 1',
  'trigger.list.push(1)',
  "trigger.list.map(x, x).constructor('a')",
  `\`\${process}\``,
  '[].concat',
  'Symbol.iterator',
  "trigger['Symbol(Symbol.toPrimitive)']",
  "trigger.list['length']",
  'trigger.list[-1]',
  'trigger.list[1e308]',
  '\\u0065val("1")',
  "{'__proto__': {'polluted': true}}",
  "{'constructor': {'prototype': {'polluted': true}}}",
  "{'__proto__': 1}.polluted",
  `parseJson('{"__proto__": {"polluted": true}}')`,
  `parseJson('{"constructor": {"prototype": {"polluted": true}}}').constructor.prototype`,
  `parseJson('{"toString": 1, "valueOf": 2, "then": 3, "toJSON": 4}')`,
];

/** Text that looks like a template stays text. */
const evaluatedTwice = [
  'trigger.template',
  'trigger.template + trigger.template',
  "'{{ ' + '1 + 1' + ' }}'",
  "'{' + '{ run.id }' + '}'",
  "base64Decode('e3sgMSArIDEgfX0=')",
];

const bombs = [
  'trigger.numbers.exists(a, trigger.numbers.exists(b, a + b < 0))',
  'trigger.numbers.exists(a, trigger.numbers.exists(b, a + b < 0)) || true',
  'trigger.numbers.all(a, trigger.numbers.all(b, trigger.numbers.all(c, a + b + c >= 0)))',
  'trigger.numbers.map(a, trigger.numbers.map(b, trigger.numbers))',
  'trigger.numbers.filter(a, trigger.numbers.filter(b, trigger.numbers.exists_one(c, c == b)).size() > a)',
  bound('trigger.text', 20, (name) => `${name} + ${name}`),
  bound('trigger.text', 20, (name) => `${wide(name)}.join()`),
  bound("'xx'", 20, (name) => `${name}.replace('x', ${name})`),
  bound('trigger.numbers', 20, (name) => `${name} + ${name}`),
  bound('[1, 2]', 10, wide),
  bound('[1, 2]', 10, wide, (name) => `toJson(${name})`),
  `${bound('[1, 2]', 10, wide)} == ${bound('[1, 2]', 10, wide)}`,
  `${bound('[1, 2]', 10, wide)} in [${bound('[1, 2]', 10, wide)}]`,
  bound('1', 18, (name) => `{'a': ${name}, 'b': ${name}, 'c': ${name}}`),
  'trigger.numbers.map(a, trigger.text.split(""))',
  'trigger.numbers.map(a, toJson(trigger.numbers))',
  'trigger.numbers.map(a, sha256(trigger.text))',
  'trigger.numbers.map(a, base64Encode(trigger.text))',
  'trigger.numbers.map(a, size(trigger.text))',
  "trigger.numbers.map(a, formatDate('2026-01-01', 'HH', 'Europe/Vienna'))",
  "trigger.numbers.map(a, timestamp('2026-01-01T00:00:00Z').getHours('Europe/Vienna'))",
  'trigger.text.contains(trigger.needle)',
  'trigger.numbers.map(a, trigger.text < trigger.text + "b")',
  "'a'.padStart(1000000000, 'a')",
  "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('(a+)+$')",
  "trigger.text.matches('(a|a)*$')",
  `duration('${'1'.repeat(5_000)}')`,
  `timestamp('${'1'.repeat(5_000)}')`,
  `formatDate('2026-01-01', '${"'".repeat(99)}')`,
];

const numbers = [
  '9223372036854775807 + 1',
  '-9223372036854775807 - 2',
  '9223372036854775807 * 9223372036854775807',
  '99999999999999999999999999999999999999999999',
  '1e308 * 10.0',
  '1e400',
  '0.0 / 0.0',
  '1 / 0',
  '5 % 0',
  "double('nan') == double('nan')",
  'int(1e300)',
  "int('0x10')",
  "uint('-1')",
  'formatNumber(1e308, 20)',
  'round(1.0, 1000000)',
  "addDays('2026-01-01', 1000000)",
  "addMonths('0001-01-01', -1)",
  "timestamp('9999-12-31T23:59:59Z') + duration('1000000h')",
  "timestamp('275760-09-13T00:00:00Z')",
];

const shapes = [
  `${'('.repeat(5_000)}1${')'.repeat(5_000)}`,
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  `${'-'.repeat(15_000)}1`,
  `${'!'.repeat(15_000)}true`,
  `trigger${'.a'.repeat(8_000)}`,
  `trigger${'[0]'.repeat(5_000)}`,
  `1${' + 1'.repeat(4_000)}`,
  `'${'a'.repeat(19_000)}'`,
  `[${'1,'.repeat(5_000)}1]`,
  `true ${'? true : true '.repeat(1_000)}`,
  `parseJson('${'['.repeat(9_000)}${']'.repeat(9_000)}')`,
  '"unclosed',
  '\u0000',
  '\ud800',
  '/* comment */ 1',
  '1 // comment',
];

/** Every attack, each with a name of its own. */
export const attacks: readonly Attack[] = Object.entries({
  escapes,
  evaluatedTwice,
  bombs,
  numbers,
  shapes,
}).flatMap(([kind, expressions]) =>
  expressions.map((expression, index) => ({
    name: `${kind} ${index}: ${JSON.stringify(expression.slice(0, 80))}`,
    expression,
  })),
);

/** What the attacks find: `text` and `numbers` are as large as is asked for. */
export function hostileInput(size: number): Record<string, unknown> {
  const hostile =
    '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "toString": 1}';
  return {
    text: 'a'.repeat(size),
    needle: `${'a'.repeat(size / 40)}b${'a'.repeat(size / 40)}`,
    numbers: Array.from({ length: size / 20 }, (_, index) => index),
    list: [1, 2, 3],
    template: `{{ 1 + 1 }} {{ run.id }} \${1 + 1} <%= 1 %>`,
    throwing: JSON.parse('{"constructor": null, "then": 1, "toJSON": "a", "valueOf": null}'),
    hostile: JSON.parse(hostile),
  };
}
