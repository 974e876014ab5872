import type { AdoptionNote } from "@slipway/contracts";
import type { DetectedApi, DetectedRoute } from "./detected.ts";
import { note } from "./note.ts";
import { type EnvironmentFindings, guessedRoute, healthRoute } from "./propose-config.ts";

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
  const health = healthRoute(routes);
  const guessed = (health ?? guessedRoute(routes))?.path ?? "/";
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
    health === undefined
      ? note(
          "check",
          "smoke.guessed",
          "smoke",
          `no route says that it is for health; GET ${guessed} is expected to answer 200`,
          "write the steps that show that your API works: make a record, read it, delete it",
        )
      : note(
          "check",
          "smoke.thin",
          "smoke",
          `it asks GET ${guessed} and nothing else`,
          "add steps that show that your API works: make a record, read it, delete it",
        ),
  ];
}

function listed(routes: readonly DetectedRoute[]): string {
  const names = routes.map(({ method, path }) => `${method} ${path}`);
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}
