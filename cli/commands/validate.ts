import { checkDocument } from '../check-document.js';
import { CliError, issueLines } from '../cli-error.js';
import type { CommandContext } from '../context.js';
import { readDocumentFile, readParameters } from '../document-file.js';

type Report = { file: string; automations: Awaited<ReturnType<typeof checkDocument>> };

/** Tells of each file whether its automations could be published here and now. Throws CliError if one could not. */
export async function validate(
  { api, output }: CommandContext,
  files: readonly string[],
  { set = [] }: { set?: readonly string[] },
): Promise<void> {
  const reports: (Report | { file: string; error: CliError })[] = [];
  for (const file of files) {
    const report = await reportOn(api, file, set);
    reports.push(report);
    output.print(describe(report).join('\n'));
  }
  output.result({
    files: reports.map((report) =>
      'error' in report
        ? { file: report.file, error: { message: report.error.message, issues: report.error.issues } }
        : report,
    ),
  });
  const bad = reports.filter(isBad).length;
  if (bad > 0)
    throw new CliError(`${bad} of ${files.length} ${files.length > 1 ? 'files are' : 'file is'} not valid.`);
}

/** What is wrong with one file must not hide what is wrong with the next. */
async function reportOn(api: CommandContext['api'], file: string, set: readonly string[]) {
  const document = readDocumentFile(file);
  const parameters = readParameters(document, set);
  try {
    return { file, automations: await checkDocument(api, document, parameters) };
  } catch (error) {
    if (error instanceof CliError && error.issues.length > 0) return { file, error };
    throw error;
  }
}

function describe(report: Report | { file: string; error: CliError }): string[] {
  if ('error' in report) return [`${report.file} is not valid:`, ...issueLines(report.error.issues)];
  return report.automations.flatMap(({ name, issues }) =>
    issues.length === 0
      ? [`${report.file}: "${name}" is valid.`]
      : [`${report.file}: "${name}" is not valid:`, ...issueLines(issues)],
  );
}

function isBad(report: Report | { error: CliError }): boolean {
  return 'error' in report || report.automations.some(({ issues }) => issues.length > 0);
}
