import { execFile } from 'node:child_process';
import { projectRoot } from '#runtime/project-root.js';
import { readAuditReport } from './audit-report.js';

// The program behind `npm run check:advisories`. Exit status: 0 nothing serious is known, or the registry has no
// advisories to ask for, which it says; 1 a high or critical one is known of a package that production has.

const output = await new Promise<string>((resolve) => {
  // It ends with 1 for findings and for failures alike; which it was is in what it prints.
  const options = { cwd: projectRoot, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 };
  execFile('npm', ['audit', '--omit=dev', '--json'], options, (_error, stdout) => resolve(stdout));
});
const report = readAuditReport(output);
if (report.kind === 'unavailable') {
  console.log(`Advisories were not checked: ${report.reason}`);
} else {
  for (const { name, severity, titles } of report.serious) {
    console.error(`${name} (${severity}): ${titles.join('; ') || 'through what it depends on'}`);
  }
  console.log(`${report.serious.length} packages of production with high or critical advisories`);
  process.exitCode = report.serious.length > 0 ? 1 : 0;
}
