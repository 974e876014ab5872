import type { SmokeResult, SmokeScenario } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionInvoker } from "../ports/function-invoker.ts";
import { runSmokeTests, type SmokeOptions } from "../run-smoke-tests.ts";
import { VERSION_URL, type VersionTarget, versionHttpClient } from "./version-http-client.ts";

/** A version that was published is active: what is waited for is a role's right that has yet to spread. */
const MOST_READY_SECONDS = 10;

/**
 * Runs a scenario against exactly one version of a function, whether it has traffic or not. What only the gateway answers is left out,
 * visibly.
 *
 * @throws {ReleaseError} `interrupted`, after the cleanup, when asked to stop
 */
export function smokeVersion(
  { invoker, clock }: { readonly invoker: FunctionInvoker; readonly clock: Clock },
  target: Omit<VersionTarget, "authorizer">,
  scenario: SmokeScenario,
  options: Omit<SmokeOptions, "through"> = {},
): Promise<SmokeResult> {
  const { authorizer, ready } = scenario;
  const http = versionHttpClient(invoker, { ...target, ...(authorizer === undefined ? {} : { authorizer }) }, clock);
  return runSmokeTests(
    { http, clock },
    VERSION_URL,
    {
      ...scenario,
      ...(ready === undefined
        ? {}
        : { ready: { ...ready, withinSeconds: Math.min(ready.withinSeconds, MOST_READY_SECONDS) } }),
    },
    { ...options, through: "version" },
  );
}
