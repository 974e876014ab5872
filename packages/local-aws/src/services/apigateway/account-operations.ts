import type { Account } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiState, badRequest } from "./api-state.ts";
import { applyPatch, type PatchRule } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** The account's own limits, shared by all of its APIs: steady requests per second, and burst. */
export const ACCOUNT_THROTTLE = { rateLimit: 10_000, burstLimit: 5000 } as const;

/** GetAccount and UpdateAccount. */
export function accountOperations(state: ApiState): Pick<Operations<Sdk>, "GetAccount" | "UpdateAccount"> {
  return {
    GetAccount: () => accountAnswer(state),

    UpdateAccount: (input) =>
      state.core.store.transaction(() => {
        const account = state.account.get("account") ?? {};
        applyPatch(account, input.patchOperations, rules, "listed");
        state.account.put("account", account);
        return accountAnswer(state);
      }),
  };
}

function accountAnswer(state: ApiState): Account {
  return {
    ...state.account.get("account"),
    throttleSettings: { ...ACCOUNT_THROTTLE },
    features: ["UsagePlans"],
    apiKeyVersion: "4",
  };
}

const rules: PatchRule<Account>[] = [
  {
    path: "/cloudwatchRoleArn",
    verbs: ["replace", "remove"],
    apply: (account, value, _keys, verb) => {
      if (verb === "remove" || value === "") {
        account.cloudwatchRoleArn = undefined;
        return;
      }
      if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(value)) {
        throw badRequest("Not a valid Amazon Resource Name (ARN)");
      }
      account.cloudwatchRoleArn = value;
    },
  },
  // Usage plans can be asked for, and are always there.
  { path: "/features", verbs: ["add"], apply: () => {} },
];
