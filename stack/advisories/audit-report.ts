import { z } from 'zod';

/** What `npm audit --json` prints (version 2 of its report), as far as it is needed. */
const Report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      name: z.string(),
      severity: z.enum(['info', 'low', 'moderate', 'high', 'critical']),
      via: z.array(z.union([z.string(), z.looseObject({ title: z.string() })])),
    }),
  ),
});

const Refusal = z.object({ message: z.string() });

/** A package with an advisory that has to be seen to. */
export interface Finding {
  name: string;
  severity: 'high' | 'critical';
  titles: string[];
}

/** Findings that are high or critical; or why the registry could not be asked. */
export type AuditReport = { kind: 'checked'; serious: Finding[] } | { kind: 'unavailable'; reason: string };

/** Reads what `npm audit --json` has printed. */
export function readAuditReport(output: string): AuditReport {
  const printed = parseJson(output);
  const report = Report.safeParse(printed);
  if (!report.success) {
    const refusal = Refusal.safeParse(printed);
    return {
      kind: 'unavailable',
      reason: refusal.success ? withoutAddress(refusal.data.message) : 'npm gave no report',
    };
  }
  const serious: Finding[] = [];
  for (const { name, severity, via } of Object.values(report.data.vulnerabilities)) {
    if (severity !== 'high' && severity !== 'critical') continue;
    serious.push({
      name,
      severity,
      titles: via.flatMap((one) => (typeof one === 'string' ? [] : one.title)),
    });
  }
  return { kind: 'checked', serious };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A registry's address may hold a name and password. */
function withoutAddress(message: string): string {
  return message.replaceAll(/\bhttps?:\/\/\S+/g, 'the registry');
}
