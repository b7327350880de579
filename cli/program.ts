import { Command, InvalidArgumentError } from 'commander';
import { createApi } from './api.js';
import { exportAutomations } from './commands/export.js';
import { importFile } from './commands/import.js';
import { publish } from './commands/publish.js';
import { type RunOptions, run } from './commands/run.js';
import { type TestOptions, test } from './commands/test.js';
import { validate } from './commands/validate.js';
import type { CommandContext } from './context.js';
import { createOutput } from './output.js';
import { type GlobalOptions, readSettings } from './settings.js';

const help = `
Files hold a document, which export writes, or a bare definition of one automation.

Environment:
  WORKSYNAPSE_URL      where the system is (http://127.0.0.1:3000)
  WORKSYNAPSE_API_KEY  an API key; POST /v1/api-keys makes one

Exit status: 0 done; 1 refused, not valid, or the run failed; 2 called wrongly.

Examples:
  npm run automations -- validate examples/escalate-refunds.template.json --set slack=Slack --set project=<id>
  npm run automations -- export "Escalate refunds" -o refunds.json
  npm run automations -- test refunds.json --input payload.json
  npm run automations -- publish refunds.json --note "First version"
  echo '{ "body": { "amount": 700 } }' | npm run automations -- run "Escalate refunds" --input - --wait`;

/** The commands. Parsing throws CommanderError for a wrong call; commands throw CliError. */
export function createProgram(environment: NodeJS.ProcessEnv): Command {
  const program = new Command('npm run automations --').exitOverride();
  program
    .description(
      'Validates, tests, publishes, runs, exports and imports automations of a WorkSynapse system.',
    )
    .option('--url <address>', 'where the system is; WORKSYNAPSE_URL unless given')
    .option('--api-key-file <file>', 'a file that holds the API key; WORKSYNAPSE_API_KEY unless given')
    .option('--json', 'one JSON document as the result, for machines')
    .showHelpAfterError('(--help shows how it is called)')
    .addHelpText('after', help);

  const context = (): CommandContext => {
    const options = program.opts<GlobalOptions>();
    return {
      api: createApi(readSettings(options, environment)),
      output: createOutput(options.json ?? false),
    };
  };

  program
    .command('validate')
    .description('tell what would keep the automations of files from being published; saves nothing')
    .argument('<file...>', 'documents or definitions; - is standard input')
    .option(...setOption)
    .action((files: string[], options) => validate(context(), files, options));
  program
    .command('publish')
    .description('create the automations of a file, or change those of the same name, and publish them')
    .argument('<file>', 'a document or definition; - is standard input')
    .option(...setOption)
    .option('--note <text>', 'what is new in this version')
    .action((file: string, options) => publish(context(), file, options));
  program
    .command('run')
    .description('start the published version of an automation by hand')
    .argument('<automation>', 'name or id')
    .option('--input <file>', 'a JSON object that expressions see as trigger; - is standard input')
    .option('--wait', 'wait for the end and show the steps')
    .option('--timeout <seconds>', 'wait no longer than this', readSeconds)
    .action((nameOrId: string, options: RunOptions) => run(context(), nameOrId, options));
  program
    .command('test')
    .description('run a draft without publishing it and show the steps; what it does is done for real')
    .argument(
      '<file-or-automation>',
      'a file whose one automation is saved as a draft first, or a name or id',
    )
    .option(...setOption)
    .option('--input <file>', 'a JSON object that expressions see as trigger; - is standard input')
    .option('--sample', 'with an example of what the trigger gives')
    .option('--step <node>', 'this step alone')
    .option('--from <node>', 'this step and everything after it')
    .option('--run <id>', 'an earlier run, whose steps give what is not pinned; with --step and --from')
    .option('--timeout <seconds>', 'wait no longer than this', readSeconds)
    .action((fileOrName: string, options: TestOptions) => test(context(), fileOrName, options));
  program
    .command('export')
    .description('write the draft of an automation as a document, without ids and credentials of connections')
    .argument('[automation]', 'name or id')
    .option('--all', 'all automations in one document')
    .option('-o, --output <file>', 'write to a file; standard output unless given')
    .action((nameOrId: string | undefined, options) => exportAutomations(context(), nameOrId, options));
  program
    .command('import')
    .description('save the automations of a file as new drafts')
    .argument('<file>', 'a document or definition; - is standard input')
    .option(...setOption)
    .option('--replace', 'change the drafts of automations of the same name instead; the old drafts are kept')
    .action((file: string, options) => importFile(context(), file, options));
  return program;
}

const setOption = [
  '--set <key=value>',
  'value of a parameter of the document; may be repeated',
  (setting: string, earlier: string[] | undefined) => [...(earlier ?? []), setting],
] as const;

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= 1_000_000) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}
