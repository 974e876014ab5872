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
      "environments.prod.functons: is not a known key here; known keys: terraform, protected, functions, api, smoke, validation, release, incidents, data",
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

  it("wants a canary to watch functions that there are, for whole minutes", () => {
    const metric = { name: "answers", function: "order", namespace: "Orders", versionDimension: "version" };
    expect(
      problemsAfter((config) =>
        set(config.environments.prod ?? {}, "release", {
          canary: { metrics: [{ ...metric, total: "requests", events: "faults" }] },
        }),
      ),
    ).toEqual(["environments.prod.release.canary.metrics[0].function: expected the name of a function: orders"]);
    expect(
      problemsAfter((config) =>
        set(config.environments.prod ?? {}, "release", {
          canary: { lookEverySeconds: 10, steps: [{ percent: 5, holdSeconds: 30 }] },
        }),
      ),
    ).toEqual([
      "environments.prod.release.canary.steps[0].holdSeconds: expected at least 60: CloudWatch counts by the minute",
      "environments.prod.release.canary.lookEverySeconds: expected at least 60: CloudWatch counts by the minute",
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
        set(config.environments.prod?.terraform ?? {}, "variableFiles", ["terraform/prod.tfvars", "prod.tfvars"]);
      }),
    ).toEqual([
      "bootstrap.directory: expected a folder inside of terraform",
      "environments.prod.terraform.directory: expected a folder inside of terraform",
      "environments.prod.terraform.variableFiles[1]: expected a file inside of terraform",
    ]);
    expect(
      problemsAfter(({ environments }) =>
        set(environments.prod?.terraform ?? {}, "variableFiles", ["terraform/prod.hcl"]),
      ),
    ).toEqual(["environments.prod.terraform.variableFiles[0]: expected a file that ends in .tfvars or .tfvars.json"]);
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

  describe("environments.NAME.data", () => {
    const withTables = (...tables: object[]) =>
      problemsAfter((config) => set(config.environments.prod ?? {}, "data", { tables }));
    const table = { name: "orders", output: "table_name", migrations: "data/migrations/orders" };

    it("may name tables with their migrations, and with seed records that are checked against a definition", () => {
      expect(withTables(table)).toEqual([]);
      expect(withTables({ ...table, definition: "data/orders.json", seed: "data/seed/orders.json" })).toEqual([]);
    });

    it("may say what records say of their writer, and where exports are written to", () => {
      const recovery = { writerAttribute: "updatedBy", versionAttribute: "handlerVersion" };
      const withExports = (exports: object) =>
        problemsAfter((config) =>
          set(config.environments.prod ?? {}, "data", { tables: [{ ...table, recovery }], exports }),
        );
      expect(withExports({ bucketOutput: "exports_bucket", prefix: "exports/prod" })).toEqual([]);
      expect(withExports({ prefix: "/exports/" })).toEqual([
        "environments.prod.data.exports.prefix: expected the beginning of a key such as recovery/prod, without / around it",
      ]);
    });

    it.each<[string, object[], string]>([
      ["no table", [], "environments.prod.data.tables: expected at least one table"],
      [
        "two of a name",
        [table, table],
        "environments.prod.data.tables[1].name: orders is the name of another table too",
      ],
      [
        "no output",
        [{ ...table, output: undefined }],
        "environments.prod.data.tables[0].output: is missing (expected string)",
      ],
      [
        "a folder of somebody else",
        [{ ...table, migrations: "../x" }],
        "environments.prod.data.tables[0].migrations: expected a folder inside of the repository, relative to slipway.config.ts, with / between its parts",
      ],
      [
        "a seed that cannot be checked",
        [{ ...table, seed: "data/seed/orders.json" }],
        "environments.prod.data.tables[0].definition: is missing: seed records are checked against it (expected a file such as data/tables/items.json)",
      ],
      [
        "an unknown key",
        [{ ...table, migration: "x" }],
        "environments.prod.data.tables[0].migration: is not a known key here; known keys: name, output, restoredVariable, migrations, definition, seed, recovery",
      ],
    ])("refuses %s", (_name, tables, problem) => {
      expect(withTables(...tables)).toEqual([problem]);
    });
  });
});
