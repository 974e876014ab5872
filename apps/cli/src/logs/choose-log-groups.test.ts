import { describe, expect, test } from "vitest";
import { chooseLogGroups } from "./choose-log-groups.ts";

const fn = (name: string) => ({ name, logGroup: `/aws/lambda/${name}`, aliases: [], timeoutSeconds: 3, memoryMb: 128 });
const resources = {
  functions: [fn("api-handler-prod"), fn("authorizer-prod")],
  stages: [{ apiId: "a1", apiName: "items", stage: "prod", accessLogGroup: "/aws/apigateway/a1" }],
  logGroups: [
    ...["/aws/apigateway/a1", "/aws/lambda/api-handler-prod", "/aws/lambda/authorizer-prod"],
    "API-Gateway-Execution-Logs_a1/prod",
  ],
};

const choose = (choice: Parameters<typeof chooseLogGroups>[1]) =>
  chooseLogGroups(resources, choice, "prod").map(({ group, source }) => `${source}: ${group}`);

const HANDLER = "api-handler: /aws/lambda/api-handler-prod";
const AUTHORIZER = "authorizer: /aws/lambda/authorizer-prod";
const API = "api: /aws/apigateway/a1";

test.each([
  [{}, [HANDLER, AUTHORIZER]],
  [{ api: true }, [HANDLER, AUTHORIZER, API]],
  [{ function: "authorizer" }, [AUTHORIZER]],
  [{ function: "api-handler-prod", api: true }, [HANDLER, API]],
  [{ group: "/aws/apigateway/a1" }, [API]],
  [{ group: "Logs_a1/prod" }, ["API-Gateway-Execution-Logs_a1/prod: API-Gateway-Execution-Logs_a1/prod"]],
  [{ group: "authorizer-prod" }, [AUTHORIZER]],
  [{ group: "authorizer" }, [AUTHORIZER]],
  [{ group: "api" }, [API]],
])("%o", (choice, groups) => {
  expect(choose(choice)).toEqual(groups);
});

describe("a choice that is none names what there is", () => {
  test.each([
    [{ function: "worker" }, "--function: there is no function 'worker' in prod. It has:\n  api-handler-prod"],
    [{ group: "/nobody" }, "--group: there is no log group '/nobody' in prod. It has:"],
    [{ group: "" }, "--group: there is no log group '' in prod. It has:"],
    [{ group: "prod" }, "--group: 'prod' is several in prod. It has:"],
    [{ group: "/aws/apigateway/a1", api: true }, "--group: names a log group already"],
  ])("%o", (choice, message) => {
    expect(() => choose(choice)).toThrow(message);
  });

  test("an access log that nobody writes", () => {
    const without = { ...resources, stages: [{ apiId: "a1", apiName: "items", stage: "prod" }] };

    expect(() => chooseLogGroups(without, { api: true }, "prod")).toThrow(
      "--api: no stage of prod writes an access log.",
    );
  });

  test("an environment without functions", () => {
    expect(() => chooseLogGroups({ ...resources, functions: [] }, {}, "prod")).toThrow("Name a log group with --group");
  });
});
