import { operate } from '#core/automation/data/operate.js';
import type { PackedValue } from '#core/automation/packed-value.js';
import { AppError } from '#core/errors.js';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import { withFixed } from '#core/expression/with-fixed.js';
import { packValue, unpackValue } from '#runtime/packing.js';
import type { Services } from '#runtime/services.js';
import type { AutomationActivities, EvaluateRequest } from './automation-activities.js';
import { toFailure } from './failure.js';

/** Evaluation next to the data, for values that are too large for the workflow. */
export function createEvaluate(services: Services): Pick<AutomationActivities, 'evaluate' | 'storeValue'> {
  return {
    storeValue: ({ orgId, value }) => packValue(services.files(orgId).withoutQuota, value, 0),
    async evaluate(request: EvaluateRequest): Promise<PackedValue> {
      const { orgId, nodeId, templates, fixed, operation, scope } = request;
      const files = services.files(orgId);
      const open = async (packed: PackedValue) => unpackValue(files, packed);
      const entries = Object.entries(scope.steps).map(async ([id, step]) => {
        const item = step.item && { item: await open(step.item), index: step.index };
        return [id, { status: step.status, output: await open(step.output), error: step.error, ...item }];
      });
      const values = {
        trigger: await open(scope.trigger),
        steps: Object.fromEntries(await Promise.all(entries)),
        run: scope.run,
        org: scope.org,
        ...(scope.vars && { vars: await open(scope.vars) }),
        ...(scope.item && { item: await open(scope.item) }),
        ...(scope.index !== undefined && { index: scope.index }),
      };
      try {
        const value = operation
          ? operate(operation, values)
          : withFixed(evaluateTemplates(templates, values), fixed);
        return await packValue(files, value);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const issues = error.issues.map((issue) => ({ ...issue, node: nodeId }));
        throw toFailure(new AppError(error.code, error.message, { issues }), true);
      }
    },
  };
}
