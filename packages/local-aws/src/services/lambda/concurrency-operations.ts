import { AwsError } from "../../core/aws-error.ts";
import { parseFunctionName } from "./function-names.ts";
import type { FunctionStore } from "./function-store.ts";
import { requireFunction, resolveTarget, versionsOf } from "./function-target.ts";
import { invalidMember, invalidParameter } from "./lambda-errors.ts";
import type { LambdaOperations, LambdaState } from "./lambda-state.ts";

/** Invocations at a time that the account may have. */
export const ACCOUNT_CONCURRENCY = 1000;
/** Of these, so many stay for functions without a reservation. */
const LEAST_UNRESERVED = 100;

/** Reserved concurrency, provisioned concurrency (there is none), and the account's limits. */
export function concurrencyOperations({ functions }: LambdaState): LambdaOperations {
  return {
    PutFunctionConcurrency(input, context) {
      const { name } = parseFunctionName(context, input.FunctionName);
      const { record } = requireFunction(functions, context, name);
      const wanted = input.ReservedConcurrentExecutions;
      if (wanted === undefined || !Number.isInteger(wanted) || wanted < 0) {
        throw invalidMember(
          "reservedConcurrentExecutions",
          wanted ?? "null",
          "Member must have value greater than or equal to 0",
        );
      }
      if (unreservedConcurrency(functions, name) - wanted < LEAST_UNRESERVED) {
        throw invalidParameter(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
        );
      }
      functions.change(name, (changes) => changes.put({ ...record, reservedConcurrency: wanted }));
      return { ReservedConcurrentExecutions: wanted };
    },

    GetFunctionConcurrency(input, context) {
      const { name } = parseFunctionName(context, input.FunctionName);
      const { reservedConcurrency } = requireFunction(functions, context, name).record;
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },

    DeleteFunctionConcurrency(input, context) {
      const { name } = parseFunctionName(context, input.FunctionName);
      const { record } = requireFunction(functions, context, name);
      functions.change(name, (changes) => changes.put({ ...record, reservedConcurrency: undefined }));
      return {};
    },

    GetProvisionedConcurrencyConfig(input, context) {
      resolveTarget(functions, context, input.FunctionName, input.Qualifier);
      throw new AwsError(
        "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function",
        { fields: { Type: "User" } },
      );
    },

    ListProvisionedConcurrencyConfigs(input, context) {
      resolveTarget(functions, context, input.FunctionName);
      return { ProvisionedConcurrencyConfigs: [] };
    },

    GetAccountSettings() {
      const all = functions.all();
      return {
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
          ConcurrentExecutions: ACCOUNT_CONCURRENCY,
          UnreservedConcurrentExecutions: unreservedConcurrency(functions),
        },
        AccountUsage: {
          TotalCodeSize: all.flatMap(versionsOf).reduce((total, { code }) => total + code.size, 0),
          FunctionCount: all.length,
        },
      };
    },
  };
}

/** What is left for functions without a reservation, leaving one function out. */
export function unreservedConcurrency(functions: FunctionStore, except?: string): number {
  return functions
    .all()
    .reduce(
      (left, { record }) => left - (record.name === except ? 0 : (record.reservedConcurrency ?? 0)),
      ACCOUNT_CONCURRENCY,
    );
}
