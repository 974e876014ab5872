import type { InfrastructureFinding } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import { ReleaseError } from "../../release-error.ts";
import { runChecklist } from "../run-checklist.ts";
import { FakeChecklist, resource } from "../test/fake-checklist.ts";
import { cors } from "./cors.ts";
import { environmentVariables } from "./environment-variables.ts";
import { https } from "./https.ts";
import { iam } from "./iam.ts";
import { planExpected } from "./plan-expected.ts";
import { planReviewed } from "./plan-reviewed.ts";
import { rateLimits } from "./rate-limits.ts";
import { secrets } from "./secrets.ts";
import { variablesRead } from "./variables-read.ts";

const url = "https://x1.execute-api.eu-central-1.amazonaws.com/prod";
const throttled = [
  resource("aws_api_gateway_stage", { rest_api_id: "x1", stage_name: "prod", access_log_settings: [{}] }),
  resource("aws_api_gateway_method_settings", {
    ...{ rest_api_id: "x1", stage_name: "prod", method_path: "*/*" },
    settings: [{ throttling_rate_limit: 500, throttling_burst_limit: 100 }],
  }),
];
const deployed = (resources = throttled) => {
  const world = new FakeChecklist();
  world.state = { serial: 4, resources, outputs: { url, function_name: "orders-prod" } };
  return world;
};
const finding = (changes: Partial<InfrastructureFinding> = {}): InfrastructureFinding => ({
  ...{ id: "iam.pass-role", severity: "high", status: "fail", address: "aws_iam_role_policy.it" },
  ...{ reason: "It may pass any role.", next: "name the role" },
  ...changes,
});

/** A plan of exactly these files is in the ledger. */
const planned = (findings: InfrastructureFinding[], changes: { gate?: "stopped"; changed?: false } = {}) => {
  const world = deployed();
  world.write({
    type: "plan.made",
    summary: {
      ...{
        version: 1,
        environment: "prod",
        release: null,
        planDigest: "1".repeat(64),
        stateSerial: 4,
        stateLineage: "l",
      },
      ...{ source: world.revision, at: "2026-11-28T12:00:00.000Z", counts: { add: 1, change: 0, destroy: 0 } },
      ...{
        changed: true,
        resources: [],
        omitted: 0,
        outputs: [],
        findings,
        omittedFindings: 0,
        gate: "open",
        ...changes,
      },
    },
  });
  return world;
};

describe("the plan", () => {
  test("that nobody made yet is unknown, and a release decides it", async () => {
    const world = deployed();
    expect(await world.look(planReviewed)).toMatchObject({ status: "unknown", decidedIn: "infrastructure.approve" });
    expect(await world.look(planExpected)).toMatchObject({ status: "unknown", decidedIn: "infrastructure.plan" });
  });

  test("of other files is none of these files", async () => {
    const world = planned([]);
    world.revision = { ...world.revision, tree: "f".repeat(40) };

    expect(await world.look(planExpected)).toMatchObject({
      status: "unknown",
      found: expect.stringContaining("no plan"),
    });
  });

  test("that the gate stops has unexpected changes, by name", async () => {
    const bad = finding({ id: "plan.delete-stateful", address: "aws_dynamodb_table.it", reason: "Its data is lost." });

    expect(await planned([bad], { gate: "stopped" }).look(planExpected)).toMatchObject({
      ...{
        status: "fail",
        found: expect.stringContaining("plan.delete-stateful aws_dynamodb_table.it: Its data is lost."),
      },
    });
    expect(await planned([]).look(planExpected)).toMatchObject({ status: "pass" });
    expect(await planned([finding({ status: "unknown" })]).look(planExpected)).toMatchObject({ status: "unknown" });
  });

  test("is reviewed by so many people as the configuration demands", async () => {
    const world = planned([]);
    expect(await world.look(planReviewed)).toMatchObject({
      status: "pass",
      found: expect.stringContaining("demands nobody"),
    });
    world.config.release.approvals.infrastructure = 1;
    expect(await world.look(planReviewed)).toMatchObject({ status: "unknown", next: "slipway approve prod" });
    const approval = { commit: world.revision.commit, stateSerial: 4, accepts: [] };
    world.write({ type: "approval.given", planDigest: "2".repeat(64), ...approval }, null, "Bob <bob@example.com>");
    expect(await world.look(planReviewed)).toMatchObject({ status: "unknown" });
    world.write({ type: "approval.given", planDigest: "1".repeat(64), ...approval }, null, "Bob <bob@example.com>");
    expect(await world.look(planReviewed)).toMatchObject({ status: "pass", found: expect.stringContaining("1 of 1") });
  });

  test("that changes nothing needs no review", async () => {
    const world = planned([], { changed: false });
    world.config.release.approvals.infrastructure = 2;

    expect(await world.look(planReviewed)).toMatchObject({ status: "pass" });
  });
});

describe("what the infrastructure policy says", () => {
  test("is of the plan where there is one that changes something, otherwise of what is deployed", async () => {
    expect(await planned([finding()]).look(iam)).toMatchObject({
      ...{ status: "fail", found: expect.stringContaining("in what is planned\niam.pass-role"), next: "name the role" },
    });
    expect(await planned([finding()], { changed: false }).look(iam)).toMatchObject({
      ...{ status: "pass", found: expect.stringContaining("in what is deployed") },
    });
  });

  test("is about its own matter only; what is accepted passes, and is counted", async () => {
    expect(await planned([finding({ id: "tags.required" })]).look(iam)).toMatchObject({ status: "pass" });
    expect(await planned([finding({ id: "plan.iam-widened" })]).look(iam)).toMatchObject({ status: "fail" });
    expect(await planned([finding({ status: "waived" })]).look(iam)).toMatchObject({
      ...{ status: "pass", found: expect.stringContaining("1 accepted") },
    });
    expect(await planned([finding({ status: "unknown" })]).look(iam)).toMatchObject({ status: "unknown" });
  });

  test("is nothing before the first plan", async () => {
    expect(await new FakeChecklist().look(iam)).toMatchObject({ status: "unknown", decidedIn: "infrastructure.plan" });
  });

  test("about policies of what is deployed is judged", async () => {
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: "All", Effect: "Allow", Action: "*", Resource: "*" }],
    });
    const world = deployed([resource("aws_iam_role_policy", { role: "orders", name: "all", policy })]);

    expect(await world.look(iam)).toMatchObject({
      status: "fail",
      found: expect.stringContaining("iam.wildcard-action"),
    });
  });
});

describe("rate limits", () => {
  test("are those of the stage", async () => {
    expect(await deployed().look(rateLimits)).toMatchObject({ status: "pass", found: expect.stringContaining("500") });
    expect(await deployed(throttled.slice(0, 1)).look(rateLimits)).toMatchObject({ status: "fail" });
  });

  test("of something else than API Gateway nobody knows", async () => {
    expect(await deployed([resource("aws_sqs_queue", {})]).look(rateLimits)).toMatchObject({ status: "unknown" });
  });
});

describe("HTTPS", () => {
  test("is demanded of the API's address and of buckets", async () => {
    expect(await deployed().look(https)).toMatchObject({ status: "pass" });
    const world = deployed();
    world.state = { serial: 4, resources: throttled, outputs: { url: "http://api.example.com" } };
    expect(await world.look(https)).toMatchObject({ status: "fail" });
    expect(await deployed([resource("aws_s3_bucket", { bucket: "open" })]).look(https)).toMatchObject({
      ...{ status: "fail", found: expect.stringContaining("settings.tls-only") },
    });
  });
});

describe("CORS", () => {
  const look = async (declared: string | undefined, preflight: Record<string, string>, isProtected = true) => {
    const world = deployed();
    const [step] = world.config.smoke.steps;
    if (step !== undefined) {
      step.expect.headers = declared === undefined ? {} : { "Access-Control-Allow-Origin": declared };
    }
    world.config.protected = isProtected;
    world.preflight = preflight;
    return world.look(cors);
  };
  const origin = "access-control-allow-origin";

  test("lets in whom the configuration names, and no stranger", async () => {
    expect(await look("https://shop.example.com", { [origin]: "https://shop.example.com" })).toMatchObject({
      ...{ status: "pass", found: expect.stringContaining("a stranger's is not let in") },
    });
    expect(await look("https://shop.example.com", { [origin]: "*" })).toMatchObject({
      status: "unknown",
      decidedIn: "smoke",
    });
  });

  test("for everybody is a decision that only people can make, where it matters", async () => {
    expect(await look("*", {})).toMatchObject({ status: "unknown", next: expect.stringContaining("waive") });
    expect(await look("*", {}, false)).toMatchObject({ status: "pass" });
  });

  test("with everybody's cookies is wrong, whatever was declared", async () => {
    const preflight = { [origin]: "https://stranger.invalid", "access-control-allow-credentials": "true" };

    expect(await look("*", preflight)).toMatchObject({ status: "fail" });
    expect(await look("https://shop.example.com", preflight)).toMatchObject({ status: "fail" });
  });

  test.each(["http://shop.example.com", "https://localhost:3000"])("for %s is not for production", async (declared) => {
    expect(await look(declared, {})).toMatchObject({ status: "fail" });
  });

  test("that nobody has declared is unknown", async () => {
    expect(await look(undefined, {})).toMatchObject({ status: "unknown" });
  });

  test("can be judged while the API does not answer", async () => {
    const world = deployed();
    const away = new ReleaseError({ kind: "unreachable", what: "No answer", why: "away", next: "wait" });
    const ports = { ...world.ports, http: { send: () => Promise.reject(away) } };

    expect(await runChecklist(ports, world.options([cors]))).toMatchObject([{ status: "pass" }]);
  });
});

describe("secrets", () => {
  test("are found, but in files that somebody answers for", async () => {
    const world = new FakeChecklist();
    expect(await world.look(secrets)).toMatchObject({ status: "pass", found: "fake scanner 1 looked through 7 files" });
    world.secrets = [{ path: "functions/orders/index.ts", line: 3, kind: "GITHUB_TOKEN" }];
    expect(await world.look(secrets)).toMatchObject({
      ...{ status: "fail", found: expect.stringContaining("functions/orders/index.ts:3 looks like GITHUB_TOKEN") },
    });
    world.config.release.checklist.secrets.ignore = [{ file: "functions/*", reason: "examples" }];
    expect(await world.look(secrets)).toMatchObject({ status: "pass", found: expect.stringContaining("1 left out") });
  });

  test("that nobody has looked for are not known to be none", async () => {
    const world = new FakeChecklist();
    world.config.release.checklist.secrets.ignore = [{ file: "**", reason: "all of it" }];
    expect(await world.look(secrets)).toMatchObject({
      ...{
        status: "unknown",
        found: "fake scanner 1 looked through 0 files, 7 left out by release.checklist.secrets.ignore",
      },
    });
    world.files = {};
    expect(await world.look(secrets)).toMatchObject({ status: "unknown" });
  });

  test("may be in files that are too large to be looked through, unless somebody answers for those", async () => {
    const world = new FakeChecklist();
    world.files["logo.png"] = "";
    world.binary = ["logo.png"];
    expect(await world.look(secrets)).toMatchObject({
      ...{ status: "pass", found: "fake scanner 1 looked through 7 files, 1 are no text and were not looked at" },
    });
    world.files["dump.sql"] = "";
    world.tooLarge = ["dump.sql"];
    expect(await world.look(secrets)).toMatchObject({
      ...{ status: "unknown", found: expect.stringContaining("dump.sql is too large to be looked through") },
    });
    world.config.release.checklist.secrets.ignore = [{ file: "dump.sql", reason: "made up" }];
    expect(await world.look(secrets)).toMatchObject({ status: "pass" });
  });
});

describe("environment variables", () => {
  const look = async (variables: string[] | undefined, source: string, hcl = "") => {
    const world = deployed();
    world.files["functions/orders/index.ts"] = source;
    world.files["functions/orders/index.test.ts"] = "process.env.ONLY_IN_TESTS";
    world.files["functions/orders/node_modules/x/index.js"] = "process.env.OF_A_LIBRARY";
    world.files["terraform/prod/main.tf"] = hcl;
    world.variables = variables;
    return world.look(environmentVariables);
  };

  test("that the code reads are all set", async () => {
    expect(await look(["TABLE_NAME"], "process.env.TABLE_NAME")).toMatchObject({
      ...{ status: "pass", found: "set: 1 of 1 that the code reads" },
    });
    expect(await look([], "no variable")).toMatchObject({ status: "pass" });
  });

  test("that nothing sets are missing", async () => {
    expect(await look(["TABLE_NAME"], "env.TABLE_NAME; env.QUEUE_URL")).toMatchObject({
      ...{ status: "fail", found: "the code reads QUEUE_URL, which nothing in terraform sets" },
    });
  });

  test("that the release is to set are proven later", async () => {
    const hcl = 'environment = {\n  QUEUE_URL = aws_sqs_queue.it.url\n  "TABLE_NAME" = "x"\n}';
    expect(await look(["TABLE_NAME"], "env.TABLE_NAME; env.QUEUE_URL", hcl)).toMatchObject({
      ...{ status: "unknown", decidedIn: "code.prove", found: expect.stringContaining("QUEUE_URL: assigned") },
    });
    expect(await look(undefined, "env.TABLE_NAME", hcl)).toMatchObject({ status: "unknown" });
  });

  test("for which the code has a value need not be set", async () => {
    expect(await look([], 'env.LOG_LEVEL ?? "INFO"')).toMatchObject({
      ...{ status: "pass", found: expect.stringContaining("LOG_LEVEL") },
    });
  });

  test("of a function without sources nobody knows", async () => {
    const world = deployed();
    delete world.files["functions/orders/index.ts"];
    world.files["functions/orders/handler.py"] = "os.environ['TABLE_NAME']";
    world.files["functions/orders/index.test.ts"] = "process.env.ONLY_IN_TESTS";

    expect(await world.look(environmentVariables)).toMatchObject({
      ...{ status: "unknown", found: expect.stringContaining("source was found in functions/orders") },
    });
  });

  test("that one file has a value for, and another has not, must be set", async () => {
    const world = deployed();
    world.variables = [];
    world.files["functions/orders/a.ts"] = "env.QUEUE_URL ?? 'none'";
    world.files["functions/orders/index.ts"] = "env.QUEUE_URL";

    expect(await world.look(environmentVariables)).toMatchObject({
      ...{ status: "fail", found: "the code reads QUEUE_URL, which nothing in terraform sets" },
    });
  });

  test.each([
    ["process.env.A", ["A"]],
    ["process.env['A'] + env[`B_2`]", ["A", "B_2"]],
    ["io.env.A?.trim()", ["A"]],
    ["const { A, B: b, C = 'x' } = process.env;", ["A", "B", "C?"]],
    ["env.A ?? 'x'; env.B || 1; (env.C?.trim() || 'x').toUpperCase()", ["A?", "B?", "C?"]],
    ["env.A ?? ''; env.B || \"\"", ["A", "B"]],
    ["process.env.AWS_REGION; env.NODE_OPTIONS; env._HANDLER", []],
    ["import.meta.env.lower; environment.A; env", []],
    ["env.A; env.A ?? 'x'", ["A"]],
    ["env.A ?? 'x'; const { A } = process.env", ["A"]],
    ["env.A ?? 'x'; env.A || 'y'", ["A?"]],
  ])("in %s are read", (source, names) => {
    expect(variablesRead(source).map(({ name, hasFallback }) => `${name}${hasFallback ? "?" : ""}`)).toEqual(names);
  });
});
