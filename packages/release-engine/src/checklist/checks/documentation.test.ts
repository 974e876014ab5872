import { describe, expect, test } from "vitest";
import { FakeChecklist } from "../test/fake-checklist.ts";
import { apiDocumentation } from "./api-documentation.ts";
import { changelog } from "./changelog.ts";
import { configurationDocumentation } from "./configuration-documentation.ts";
import { deploymentNotes } from "./deployment-notes.ts";
import { readme } from "./readme.ts";

const released = () => {
  const world = new FakeChecklist();
  world.release("r1", "3");
  return world;
};

describe("changelog", () => {
  test("has to change with code, and not with tests and words", async () => {
    const world = released();
    expect(await world.look(changelog)).toMatchObject({
      ...{ status: "fail", found: expect.stringContaining("functions/orders/index.ts have") },
    });
    world.changed = ["functions/orders/index.ts", "CHANGELOG.md"];
    expect(await world.look(changelog)).toMatchObject({
      status: "pass",
      found: "CHANGELOG.md: Unreleased has 1 entries",
    });
    world.changed = ["functions/orders/index.test.ts", "docs/orders.md", ".github/workflows/ci.yml", "e2e/orders.ts"];
    expect(await world.look(changelog)).toMatchObject({ status: "pass" });
  });

  test("has to be there, and to say something", async () => {
    const world = new FakeChecklist();
    expect(await world.look(changelog)).toMatchObject({ status: "pass" });
    world.files["CHANGELOG.md"] = "# Changelog\n\n## Unreleased\n\n### Added\n\n";
    expect(await world.look(changelog)).toMatchObject({
      status: "fail",
      found: "CHANGELOG.md has nothing below Unreleased",
    });
    world.files["CHANGELOG.md"] = "# Changelog\n";
    expect(await world.look(changelog)).toMatchObject({ status: "fail" });
    delete world.files["CHANGELOG.md"];
    expect(await world.look(changelog)).toMatchObject({ status: "fail", found: "CHANGELOG.md does not exist" });
  });
});

describe("README", () => {
  test("may stay as it is while what it says is true", async () => {
    expect(await released().look(readme)).toMatchObject({ status: "pass" });
  });

  test("must not tell people to type what does not exist, or lead nowhere", async () => {
    const world = released();
    world.files["README.md"] =
      "Type `npm run deploy`, `npm start`, `npm run x -w other`; see [the guide](docs/guide.md#a), [code](functions/orders), [web](https://example.com), [top](#top).";

    expect(await world.look(readme)).toMatchObject({
      status: "fail",
      found: [
        "it leads to docs/guide.md, which does not exist",
        "it says npm run deploy, and package.json has no such script",
        "it says npm run start, and package.json has no such script",
      ].join("\n"),
    });
  });

  test("changes when commands come or go", async () => {
    const world = released();
    world.earlier["package.json"] = JSON.stringify({ scripts: { lint: "eslint" } });
    world.changed = ["package.json"];
    expect(await world.look(readme)).toMatchObject({
      ...{ status: "fail", found: expect.stringMatching(/npm run test is new .*\nnpm run lint is gone /) },
    });
    world.changed = ["package.json", "README.md"];
    expect(await world.look(readme)).toMatchObject({ status: "pass" });
  });
});

describe("API documentation", () => {
  test("is held against the code by its own command", async () => {
    const world = new FakeChecklist();
    const api = { document: "openapi.json", check: ["make", "check-api"] };
    expect(await world.look(apiDocumentation)).toMatchObject({ status: "unknown" });
    world.config.release.checklist.documentation.api = api;
    expect(await world.look(apiDocumentation)).toMatchObject({ status: "fail", found: "openapi.json does not exist" });
    world.files["openapi.json"] = "{}";
    expect(await world.look(apiDocumentation)).toMatchObject({ status: "pass" });
    world.commands["make check-api"] = { code: 1, tail: "openapi.json  NOT current" };
    expect(await world.look(apiDocumentation)).toMatchObject({ status: "fail", next: "make check-api" });
    world.config.release.checklist.documentation.api = { document: "openapi.json" };
    expect(await world.look(apiDocumentation)).toMatchObject({ status: "unknown" });
  });
});

describe("configuration documentation", () => {
  test("explains every variable of functions and of Terraform, and every key in use", async () => {
    const world = new FakeChecklist();
    expect(await world.look(configurationDocumentation)).toMatchObject({ status: "pass" });

    world.files["functions/orders/index.ts"] = "process.env.TABLE_NAME; env.QUEUE_URL ?? 'none'; env.AWS_REGION;";
    world.files["terraform/prod/more.tf"] = 'variable "retention_days" {}\n';
    world.files["terraform/modules/x/variables.tf"] = 'variable "of_a_module" {}\n';
    world.files["slipway.config.ts"] = "release: { checklist: { reviewers: 3 } }, somethingElse: 1";
    expect(await world.look(configurationDocumentation)).toMatchObject({
      status: "fail",
      found:
        "not explained: QUEUE_URL (functions/orders), retention_days (terraform/prod), release (slipway.config.ts), checklist (slipway.config.ts), reviewers (slipway.config.ts)",
    });

    world.files["functions/orders/README.md"] = "`QUEUE_URL`";
    world.files["terraform/prod/README.md"] = "`retention_days`";
    world.files["CONFIGURATION.md"] += "`release.checklist.reviewers`";
    expect(await world.look(configurationDocumentation)).toMatchObject({ status: "pass" });
  });

  test("is unknown where no setting was found: nobody has looked at any", async () => {
    const world = new FakeChecklist();
    world.files = { "CONFIGURATION.md": "Nothing can be set.\n" };

    expect(await world.look(configurationDocumentation)).toMatchObject({
      ...{ status: "unknown", found: "no setting was found in functions, terraform/prod or slipway.config.ts" },
    });
  });
});

describe("deployment notes", () => {
  test("are needed where moving an alias back does not undo it", async () => {
    const world = released();
    expect(await world.look(deploymentNotes)).toMatchObject({
      status: "pass",
      found: expect.stringContaining("only code"),
    });
    world.changed = ["terraform/prod/main.tf", "terraform/prod/README.md"];
    expect(await world.look(deploymentNotes)).toMatchObject({
      ...{
        status: "fail",
        found: "the release changes terraform/prod/main.tf, and nobody has written what to watch out for",
      },
    });
  });

  test("are a file, a section of the changelog, or a trailer", async () => {
    const world = released();
    world.changed = ["slipway.config.ts"];
    expect(await world.look(deploymentNotes)).toMatchObject({ status: "fail" });

    world.commits = [{ ...(world.commits[0] as never as object), trailers: { "deployment-note": ["slow"] } } as never];
    expect(await world.look(deploymentNotes)).toMatchObject({ status: "pass" });

    world.commits = [];
    world.files["docs/deployment-notes.md"] = "Watch the queue.\n";
    expect(await world.look(deploymentNotes)).toMatchObject({ status: "fail" });
    world.changed.push("docs/deployment-notes.md");
    expect(await world.look(deploymentNotes)).toMatchObject({ status: "pass" });

    world.changed = ["slipway.config.ts", "CHANGELOG.md"];
    expect(await world.look(deploymentNotes)).toMatchObject({ status: "fail" });
    world.files["CHANGELOG.md"] += "\n### Deployment notes\n\nWatch the queue.\n";
    expect(await world.look(deploymentNotes)).toMatchObject({ status: "pass", found: "CHANGELOG.md has them" });
  });

  test("are needed for a first release", async () => {
    expect(await new FakeChecklist().look(deploymentNotes)).toMatchObject({ status: "fail" });
  });
});
