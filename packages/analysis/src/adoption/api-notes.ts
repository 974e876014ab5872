import type { AdoptionNote } from "@slipway/contracts";
import type { DetectedApi, DetectedRoute } from "./detected.ts";
import { note } from "./note.ts";
import type { EnvironmentFindings } from "./propose-config.ts";
import { healthRoute, type LeftOut, proposeSmoke } from "./propose-smoke.ts";

/** What an API lacks, and what was guessed about how it is asked. */
export function apiNotes({ apis, environment }: EnvironmentFindings): AdoptionNote[] {
  const [api, ...others] = apis;
  const http = environment.module.resources.find(({ type }) => type === "aws_apigatewayv2_api");
  if (api === undefined) {
    return [
      http === undefined
        ? note(
            "must",
            "api.none",
            "api",
            "no aws_api_gateway_rest_api was found, and a release is judged by what the API answers",
            "name the output with its URL: api.urlOutput",
          )
        : note(
            "must",
            "api.http",
            `${http.address} in ${http.file}`,
            "it is an HTTP API, and Slipway knows REST APIs",
            "use aws_api_gateway_rest_api",
          ),
    ];
  }
  const subject = `${api.address} in ${api.file}`;
  return [
    ...others.map(({ address, file }) =>
      note(
        "check",
        "api.another",
        `${address} in ${file}`,
        `an environment has one API, and ${api.address} was taken`,
        "change api.urlOutput if it is this one",
      ),
    ),
    ...(api.urlOutput === undefined
      ? [
          note(
            "must",
            "output.missing",
            "api.urlOutput",
            "no output of the root module gives the URL of the API's stage",
            'add output "api_url" { value = aws_api_gateway_stage.NAME.invoke_url }',
          ),
        ]
      : []),
    ...routeNotes(api, subject),
    ...(api.hasStage && !api.isThrottled
      ? [
          note(
            "should",
            "api.not-throttled",
            subject,
            "its stage lets any number of requests through",
            'add aws_api_gateway_method_settings for "*/*" with throttling_rate_limit and throttling_burst_limit',
          ),
        ]
      : []),
    ...(api.hasStage && !api.hasAccessLog
      ? [
          note(
            "should",
            "api.no-access-log",
            subject,
            "its stage has no access log, and a validation looks for its own request there",
            "add access_log_settings to the stage, and aws_api_gateway_account once per Region",
          ),
        ]
      : []),
  ];
}

function routeNotes(api: DetectedApi, subject: string): AdoptionNote[] {
  const { routes } = api;
  const past = routes.filter(({ isPastAlias }) => isPastAlias);
  const open = routes.filter(({ isOpen, method }) => isOpen && method !== "OPTIONS");
  return [
    ...(past.length > 0
      ? [
          note(
            "must",
            "api.past-alias",
            subject,
            `${listed(past)} ${past.length === 1 ? "calls" : "call"} a function past its alias, so that a release never reaches who asks there`,
            "let uri be invoke_arn of the alias, and give the permission the alias as its qualifier",
          ),
        ]
      : []),
    ...(open.length > 0
      ? [
          note(
            "check",
            "api.open",
            subject,
            `anybody may ask ${listed(open)}`,
            "give methods an authorization, or accept it in infrastructurePolicy.accepted with a reason",
          ),
        ]
      : []),
    ...(routes.length === 0
      ? [note("check", "api.routes", subject, "which resources it has is not known here", "name them in api.resources")]
      : []),
    ...smokeNotes(api),
  ];
}

const WHY_NOT: Readonly<Record<LeftOut, string>> = {
  token: "needs a token or a key",
  input: "needs parameters",
  acts: "may do something, by its name",
  enough: "enough to begin with",
};

function smokeNotes(api: DetectedApi): AdoptionNote[] {
  const { smoke, loose, leftOut } = proposeSmoke(api);
  const asked = some(smoke.steps.map(({ path }) => `GET ${path}`));
  const reasons = [...new Set(leftOut.map(({ why }) => why))].map((why) => {
    const paths = leftOut.filter((each) => each.why === why).map(({ path }) => `GET ${path}`);
    return `${some(paths)} (${WHY_NOT[why]})`;
  });
  const life = "add what shows that your API works, the life of a record: an example is below the steps";
  return [
    healthRoute(api.routes) === undefined
      ? note("check", "smoke.guessed", "smoke", `no route says that it is for health; it asks ${asked}`, life)
      : note("check", "smoke.thin", "smoke", `it asks ${asked}, and makes no record`, life),
    ...(loose.length > 0
      ? [
          note(
            "check",
            "smoke.any-status",
            "smoke",
            `which answer of ${some(loose)} is right is not in the code, so any passes that is no fault of the function`,
            "put the status there that is right",
          ),
        ]
      : []),
    ...(reasons.length > 0
      ? [
          note(
            "check",
            "smoke.left-out",
            "smoke",
            `it does not ask ${reasons.join(", ")}`,
            "add those that a smoke test may ask, with what they take",
          ),
        ]
      : []),
  ];
}

function some(names: readonly string[]): string {
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}

function listed(routes: readonly DetectedRoute[]): string {
  return some(routes.map(({ method, path }) => `${method} ${path}`));
}
