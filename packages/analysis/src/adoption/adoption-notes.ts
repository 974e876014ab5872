import type { AdoptionNote } from "@slipway/contracts";
import { bootstrapNotes } from "./bootstrap-notes.ts";
import { scriptsOf } from "./detect-builds.ts";
import type { DetectedRepository } from "./detect-repository.ts";
import type { DetectedApi, DetectedFunction, DetectedRoute } from "./detected.ts";
import { type EnvironmentFindings, guessedRoute, healthRoute, proposedOutputs } from "./propose-config.ts";

type Level = AdoptionNote["level"];

/** A note whose level stands before it. */
export function note(level: Level, id: string, subject: string, found: string, next: string): AdoptionNote {
  return { id, level, subject, found, next };
}

const LEVELS: readonly Level[] = ["must", "should", "check"];

/** What a repository lacks, and what could not be known: what must be done first stands first. */
export function adoptionNotes(repository: DetectedRepository): readonly AdoptionNote[] {
  const primary = repository.environments.at(-1);
  const notes = [
    ...repository.unread.map(({ file, why }) =>
      note(
        "check",
        "terraform.unread",
        file,
        `it is not read: ${why}`,
        "look for functions, tables and APIs in it yourself",
      ),
    ),
    ...bootstrapNotes(repository),
    ...(primary === undefined ? [] : environmentNotes(primary, repository)),
    ...checklistNotes(repository),
  ];
  return LEVELS.flatMap((level) => notes.filter((each) => each.level === level));
}

function environmentNotes(
  findings: DetectedRepository["environments"][number],
  repository: DetectedRepository,
): AdoptionNote[] {
  const { functions, apis, tables, oddHandlers } = findings;
  const routes = apis.flatMap((each) => each.routes);
  return [
    ...functions.flatMap((each) => functionNotes(each, findings, oddHandlers.get(each.name))),
    ...apiNotes(findings),
    ...(functions.length > 1 ? functions.flatMap((each) => proofNotes(each, routes)) : []),
    ...tables.flatMap(({ name, address, file, output, hasPointInTimeRecovery, restoredVariable }) => {
      const subject = `${address} in ${file}`;
      return [
        ...(hasPointInTimeRecovery
          ? []
          : [
              note(
                "should",
                "table.no-recovery",
                subject,
                "it cannot be restored to a second of the past",
                "add point_in_time_recovery { enabled = true }",
              ),
            ]),
        ...(output === undefined
          ? [
              note(
                "should",
                "table.no-output",
                subject,
                "no output of the root module says what it is called, so it is left out of data.tables",
                `add output "${name.replaceAll("-", "_")}_table" with its name, then run slipway init again`,
              ),
            ]
          : [
              ...(repository.files.has(`data/migrations/${name}/README.md`) ||
              [...repository.files.keys()].some((each) => each.startsWith(`data/migrations/${name}/`))
                ? []
                : [
                    note(
                      "check",
                      "table.no-migrations",
                      subject,
                      `data/migrations/${name} is not there`,
                      "make the folder, or name the one that has its migrations: data.tables[].migrations",
                    ),
                  ]),
              ...(restoredVariable === undefined
                ? [
                    note(
                      "check",
                      "table.not-switched",
                      subject,
                      "a restored table cannot take its place, because no variable says which table is in use",
                      "see restoredVariable in CONFIGURATION.md, if you want slipway rollback ENV data --restore",
                    ),
                  ]
                : []),
            ]),
      ];
    }),
    ...alarmNotes(findings),
  ];
}

function functionNotes(
  each: DetectedFunction,
  { functions, builds }: EnvironmentFindings,
  oddHandler: string | undefined,
): AdoptionNote[] {
  const { name, address, file, alias, outputs } = each;
  const subject = `${address} in ${file}`;
  if (each.isImage) {
    return [
      note(
        "must",
        "function.image",
        subject,
        "its code is a container image, and Slipway releases zips",
        'give it package_type = "Zip", or release it otherwise',
      ),
    ];
  }
  const proposed = proposedOutputs(each);
  const isOfRoot = !address.startsWith("module.");
  const values = {
    functionName: `${address}.function_name`,
    alias: `${alias?.address ?? address.replace("aws_lambda_function", "aws_lambda_alias")}.name`,
    artifactBucket: "the bucket's name",
  };
  const build = builds.get(name);
  return [
    ...(alias === undefined
      ? [
          note(
            "must",
            "function.no-alias",
            subject,
            "it has no alias, so there is nothing that a release could move, and nothing to go back to",
            `add an aws_lambda_alias "live" of it that ignores changes of function_version and routing_config, and let the API call the alias`,
          ),
        ]
      : alias.isLeftAlone
        ? []
        : [
            note(
              "must",
              "alias.applied",
              `${alias.address} in ${alias.file}`,
              "an apply would move it back from where a release has put it",
              "add lifecycle { ignore_changes = [function_version, routing_config] }",
            ),
          ]),
    ...(each.publishes === false
      ? [
          note(
            "must",
            "function.not-published",
            subject,
            "its configuration is not published, so that the alias has no version that would have it",
            "add publish = true",
          ),
        ]
      : []),
    ...(each.publishes === undefined
      ? [
          note(
            "check",
            "function.maybe-published",
            subject,
            "whether its configuration is published is not known here",
            "see that publish is true",
          ),
        ]
      : []),
    ...(each.leavesCode
      ? []
      : [
          note(
            "must",
            "function.code-applied",
            subject,
            "an apply would put its own code over what was released",
            "add lifecycle { ignore_changes = [filename, s3_bucket, s3_key, s3_object_version, source_code_hash] }",
          ),
        ]),
    ...(["functionName", "alias", "artifactBucket"] as const).flatMap((key) =>
      outputs[key] !== undefined
        ? []
        : [
            note(
              "must",
              "output.missing",
              `functions[${functions.indexOf(each)}].outputs.${key}`,
              `no output of the root module gives ${WHAT[key]} of ${name}`,
              isOfRoot && key !== "artifactBucket"
                ? `add output "${proposed[key]}" { value = ${values[key]} }`
                : `add an output ${proposed[key]} with it, or name the one that has it`,
            ),
          ],
    ),
    ...(build === undefined
      ? [
          note(
            "must",
            "build.missing",
            `functions[${functions.indexOf(each)}].build`,
            `no package with a script build is for ${name} by its name`,
            "say where it is built, by what, and which folder holds its code then: directory, build, artifact",
          ),
        ]
      : build.isSure
        ? []
        : [
            note(
              "check",
              "build.guessed",
              `functions[${functions.indexOf(each)}].artifact`,
              `nothing says where the build in ${build.directory} writes to; ${build.artifact} is usual`,
              "see that this folder holds the function's files and nothing else",
            ),
          ]),
    ...(oddHandler === undefined
      ? []
      : [note("must", "function.handler", subject, oddHandler, "let handler and build agree")]),
  ];
}

const WHAT = { functionName: "the name", alias: "the alias", artifactBucket: "the bucket for the code" } as const;

function apiNotes({ apis, environment }: EnvironmentFindings): AdoptionNote[] {
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

function proofNotes({ name, address }: DetectedFunction, routes: readonly DetectedRoute[]): AdoptionNote[] {
  const own = routes.filter(
    ({ answeredBy, method }) => answeredBy === address && (method === "GET" || method === "ANY"),
  );
  const subject = `functions[${name}].proof`;
  if (own.some(({ path }) => path.includes("{"))) {
    return [
      note(
        "check",
        "proof.guessed",
        subject,
        "it asks for a record that nobody has, and expects 404",
        "change it if your function answers something else",
      ),
    ];
  }
  return own.length > 0 && healthRoute(own) !== undefined
    ? []
    : [
        note(
          "must",
          "proof.missing",
          subject,
          "how it is asked past the gateway is not known, and a release pauses before it has traffic",
          "add proof: { invocations: [{ name, payload, expect: { jsonSubset } }] }",
        ),
      ];
}

function alarmNotes({ environment, functions }: EnvironmentFindings): AdoptionNote[] {
  const { resources } = environment.module;
  const alarms = resources.filter(({ type }) => /^aws_cloudwatch_(metric|composite)_alarm$/.test(type));
  if (alarms.length === 0) {
    return [
      note(
        "should",
        "alarms.none",
        environment.module.directory,
        "nobody is told when something is wrong: there is no alarm",
        `add alarms for errors, latency and throttles of ${functions.map(({ name }) => name).join(", ")} and of the API`,
      ),
    ];
  }
  return resources.some(({ type }) => type === "aws_sns_topic")
    ? []
    : [
        note(
          "should",
          "alarms.silent",
          environment.module.directory,
          "its alarms tell nobody: there is no SNS topic",
          "add aws_sns_topic, name it in alarm_actions, and its output in release.notifications.topicOutput",
        ),
      ];
}

function checklistNotes({ files }: DetectedRepository): AdoptionNote[] {
  const scripts = scriptsOf(files);
  const missing = ["test", "lint", "test:coverage", "validate:infrastructure"].filter(
    (name) => scripts[name] === undefined,
  );
  const papers = ["CHANGELOG.md", "CONFIGURATION.md", "README.md"].filter((name) => !files.has(name));
  return [
    ...(missing.length > 0
      ? [
          note(
            "should",
            "checklist.scripts",
            "package.json",
            `it has no script ${missing.join(", ")}, which the checklist runs; what is not known stops a release to AWS`,
            "add them, name other commands in release.checklist, or answer for the line with a waiver",
          ),
        ]
      : []),
    ...(papers.length > 0
      ? [
          note(
            "should",
            "checklist.documents",
            "the repository",
            `the checklist looks into ${papers.join(", ")}, which ${papers.length === 1 ? "is" : "are"} not there`,
            "write them, or name others in release.checklist.documentation",
          ),
        ]
      : []),
  ];
}
