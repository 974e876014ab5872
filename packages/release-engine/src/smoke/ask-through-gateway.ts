import type { EnvironmentConfig, SmokeResult } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { HttpClient } from "../ports/http-client.ts";
import type { StepContext } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { runSmokeTests } from "../run-smoke-tests.ts";
import { telling, untilAnswered } from "./until-answered.ts";

/** What it takes to ask the API as its users do. */
export interface GatewayDeps {
  readonly http: HttpClient;
  /** What durations are measured with. */
  readonly clock: Clock;
  readonly environment: Pick<EnvironmentConfig, "api" | "smoke">;
  /** Where the API of an output's URL answers: another place on local AWS, whose gateway has a URL of its own. */
  apiUrlAt(url: string): string;
}

/**
 * Runs the smoke scenario through the gateway.
 *
 * @throws {ReleaseError} `usage` where no output says where the API answers; what kept it from asking
 */
export async function askThroughGateway(
  { http, clock, environment, apiUrlAt }: GatewayDeps,
  { outputs, signal }: Pick<StepContext, "outputs" | "signal">,
): Promise<{ readonly apiUrl: string; readonly smoke: SmokeResult }> {
  const { urlOutput } = environment.api;
  const url = outputs()?.[urlOutput];
  if (typeof url !== "string" || !URL.canParse(url)) {
    throw new ReleaseError({
      kind: "usage",
      what: "Nobody knows where the API answers",
      why: `the output ${urlOutput} is ${url === undefined ? "not there" : "no URL"}`,
      next: "compare api.urlOutput in slipway.config.ts with the outputs of the environment",
    });
  }
  const apiUrl = apiUrlAt(url);
  const { smoke } = await untilAnswered((onError) =>
    runSmokeTests({ http: { send: telling((each) => http.send(each), onError) }, clock }, apiUrl, environment.smoke, {
      signal,
    }),
  );
  return { apiUrl, smoke };
}
