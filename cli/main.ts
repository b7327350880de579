import { CommanderError } from 'commander';
import { CliError, issueLines } from './cli-error.js';
import { createProgram } from './program.js';

// The program behind `npm run automations`.

const program = createProgram(process.env);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong, on standard error. Returns the exit status. */
function report(error: unknown): number {
  // Commander has said it already; showing help is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof CliError)) throw error;
  const { message, issues, exitCode } = error;
  const text = program.opts().json
    ? JSON.stringify({ error: { message, issues } }, null, 2)
    : [message, ...issueLines(issues)].join('\n');
  process.stderr.write(`${text}\n`);
  return exitCode;
}
