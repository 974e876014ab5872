import { expect, it } from "vitest";
import { guessEnvironment } from "./guess-environment.ts";
import { found } from "./test/found.ts";

const environments = ["dev", "prod", "prod-eu"];

it.each([
  ["items-prod", undefined, "prod"],
  ["/aws/lambda/api-handler-dev", undefined, "dev"],
  ["items-prod-eu", undefined, "prod-eu"],
  ["products", undefined, undefined],
  ["devices", undefined, undefined],
  // What somebody wrote down counts for more than a name.
  ["items-prod", { Environment: "dev" }, "dev"],
  ["items", { env: "qa" }, "qa"],
  ["items-prod", { Environment: "" }, "prod"],
])("%s with the tags %j is of %s", (name, tags, expected) => {
  expect(guessEnvironment(found("dynamodb-table", name, { tags }), environments)).toBe(expected);
});
