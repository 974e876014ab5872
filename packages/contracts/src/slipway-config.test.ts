import { describe, expect, it } from "vitest";
import { parseConfig } from "./slipway-config.ts";
import { validConfig } from "./test/valid-config.ts";

/** What is said about a configuration after `spoil` changed it. */
function problemsAfter(spoil: (config: ReturnType<typeof validConfig>) => void): string[] {
  const config = validConfig();
  spoil(config);
  const result = parseConfig(config);
  return result.ok ? [] : result.problems;
}

/** For what the types forbid. */
function set(target: object, key: string, value: unknown): void {
  Object.assign(target, { [key]: value });
}

describe("parseConfig", () => {
  it("accepts a configuration and fills in what was left out", () => {
    const result = parseConfig(validConfig());

    expect(result).toMatchObject({
      ok: true,
      config: {
        bootstrap: { variables: {} },
        environments: {
          prod: { smoke: { timeoutSeconds: 30, cleanup: [] }, terraform: { variables: { zones: ["a", "b"] } } },
        },
      },
    });
  });

  it("names a key that it does not know, and those that it does", () => {
    expect(problemsAfter((config) => set(config.environments.prod ?? {}, "functons", []))).toEqual([
      "environments.prod.functons: is not a known key here; known keys: terraform, protected, functions, api, smoke",
    ]);
  });

  it("names a key that is missing, and what was expected", () => {
    expect(problemsAfter((config) => set(config, "region", undefined))).toEqual([
      "region: is missing (expected string)",
    ]);
    expect(problemsAfter((config) => Reflect.deleteProperty(config.bootstrap, "directory"))).toEqual([
      "bootstrap.directory: is missing (expected string)",
    ]);
  });

  it("names every problem, with its place in lists", () => {
    expect(
      problemsAfter((config) => {
        set(config.environments.prod?.functions[0] ?? {}, "build", "make orders");
        set(config, "region", "Frankfurt");
      }),
    ).toEqual([
      "region: expected an AWS region such as us-east-1",
      "environments.prod.functions[0].build: expected array, received string",
    ]);
  });

  it.each(["/etc", "../other", "terraform/../../x", "a\\b", ""])("refuses the folder %j", (folder) => {
    const [problem] = problemsAfter((config) => set(config, "infrastructure", folder));

    expect(problem).toMatch(/^infrastructure: expected a folder inside of the repository/);
  });

  it("wants Terraform's folders inside of the infrastructure folder", () => {
    expect(
      problemsAfter((config) => {
        set(config.bootstrap, "directory", "terraform-bootstrap");
        set(config.environments.prod?.terraform ?? {}, "directory", "stacks/prod");
      }),
    ).toEqual([
      "bootstrap.directory: expected a folder inside of terraform",
      "environments.prod.terraform.directory: expected a folder inside of terraform",
    ]);
  });

  it("refuses two functions of one name, names that are none, and an empty list of environments", () => {
    expect(
      problemsAfter(({ environments }) =>
        environments.prod?.functions.push(...(validConfig().environments.prod?.functions ?? [])),
      ),
    ).toEqual(["environments.prod.functions[1].name: orders is the name of another function too"]);
    expect(problemsAfter((config) => set(config.environments, "Prod 1", config.environments.prod))).toEqual([
      'environments["Prod 1"]: expected lower-case letters, digits and hyphens, beginning with a letter, at most 31',
    ]);
    expect(problemsAfter((config) => set(config, "environments", {}))).toEqual([
      "environments: expected at least one environment",
    ]);
  });

  it("refuses a variable that JSON cannot hold", () => {
    expect(problemsAfter((config) => set(config.bootstrap, "variables", { made: () => 1 }))).toEqual([
      "bootstrap.variables.made: expected a value that JSON can hold",
    ]);
  });

  it("says when there is nothing at all", () => {
    expect(parseConfig(undefined)).toEqual({ ok: false, problems: ["is missing (expected object)"] });
  });
});
