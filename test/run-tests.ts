import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Suites that mostly wait: for programs that were killed to come back, for periods to pass. */
const waitingSuites = 'dist/test/{durability,engine,history,limits,retention}/**/*.test.js';

interface Lane {
  passed: number;
  failed: number;
  /** Resolves when what it printed has been shown. */
  ended: Promise<void>;
}

/**
 * Runs all tests as two processes side by side, each with services of its own: while one waits, the other is at work.
 * Their reports are shown one after the other; the last line is `N passed, N failed`.
 */
async function runTests(options: readonly string[]): Promise<void> {
  const first = startLane([...options, '--ignore', waitingSuites, 'dist/**/*.test.js'], Promise.resolve());
  const second = startLane([...options, waitingSuites], first.ended);
  await second.ended;
  const failed = first.failed + second.failed;
  console.log(`\n${first.passed + second.passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Starts mocha; what it prints is held back until `turn`. A lane that ends without its summary counts as one failure. */
function startLane(args: readonly string[], turn: Promise<void>): Lane {
  const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('SIGTERM', () => child.kill());
  const held: string[] = [];
  let show = (line: string) => {
    held.push(line);
  };
  void turn.then(() => {
    for (const line of held.splice(0)) console.log(line);
    show = (line) => console.log(line);
  });
  let summary: RegExpExecArray | null = null;
  createInterface(child.stdout).on('line', (line) => {
    summary = /^(\d+) passed, (\d+) failed$/.exec(line);
    if (!summary) show(line);
  });
  const lane: Lane = { passed: 0, failed: 1, ended: Promise.resolve() };
  const closed = new Promise<void>((resolve) => {
    child.once('close', (code) => {
      const [, passed, failed] = summary ?? [];
      lane.passed = Number(passed ?? 0);
      lane.failed = Math.max(Number(failed ?? 1), code === 0 ? 0 : 1);
      resolve();
    });
  });
  lane.ended = Promise.all([closed, turn]).then(() => undefined);
  return lane;
}

await runTests(process.argv.slice(2));
