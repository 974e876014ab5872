import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { judgePlan } from "./judge-plan.ts";
import { PlanReader } from "./plan-reader.ts";

const policy = { isProtected: true, requiredTags: ["Project", "Service"] };
const bytes = readFileSync(new URL("./fixtures/plan.json", import.meta.url));

function read(text: string | Uint8Array) {
  const secrets: string[] = [];
  const reader = new PlanReader((secret) => secrets.push(secret));
  reader.write(typeof text === "string" ? new TextEncoder().encode(text) : text);
  return { reading: reader.end(), secrets };
}

const change = (address: string, details: object) => ({
  ...{ address, mode: "managed", type: "aws_x", name: "x" },
  change: { before: null, after: null, ...details },
});

describe("PlanReader", () => {
  test("a plan that is read in parts is judged as one that is read as a whole", () => {
    expect(judgePlan(read(bytes).reading.plan, policy)).toEqual(judgePlan(JSON.parse(bytes.toString()), policy));
  });

  test("each change by what it does, and which arguments make it", () => {
    const { reading } = read(
      JSON.stringify({
        format_version: "1.2",
        resource_changes: [
          change("aws_x.made", { actions: ["create"], after: { name: "secret value" } }),
          change("aws_x.same", { actions: ["no-op"], before: {}, after: {} }),
          change("aws_x.changed", {
            ...{ actions: ["update"], before: { a: 1, b: 2, c: 3 }, after: { a: 1, b: 4 } },
            after_unknown: { c: true, tags: {} },
          }),
          change("aws_x.other", {
            actions: ["create", "delete"],
            before: { a: 1 },
            after: { a: 2 },
            replace_paths: [["a"], ["b", 0, "c"]],
          }),
          change("aws_x.gone", { actions: ["delete"], before: {} }),
          change("aws_x.left", { actions: ["forget"], before: {} }),
          { ...change("aws_x.new", { actions: ["no-op"], before: {}, after: {} }), previous_address: "aws_x.old" },
          change("aws_x.found", { actions: ["no-op"], before: {}, after: {}, importing: { id: "1" } }),
          { ...change("data.aws_x.read", { actions: ["read"] }), mode: "data" },
        ],
      }),
    );

    const lost = "whatever AWS keeps of it beside its arguments, its id included";
    expect(reading.resources).toEqual([
      { address: "aws_x.made", type: "aws_x", action: "add", attributes: [], because: [], isReversible: true },
      {
        address: "aws_x.changed",
        type: "aws_x",
        action: "change",
        attributes: ["b", "c"],
        because: [],
        isReversible: true,
      },
      {
        address: "aws_x.other",
        type: "aws_x",
        action: "replace",
        attributes: ["a"],
        because: ["a", "b.0.c"],
        isReversible: false,
        lost,
      },
      {
        address: "aws_x.gone",
        type: "aws_x",
        action: "destroy",
        attributes: [],
        because: [],
        isReversible: false,
        lost,
      },
      { address: "aws_x.left", type: "aws_x", action: "forget", attributes: [], because: [], isReversible: true },
      {
        address: "aws_x.new",
        type: "aws_x",
        action: "move",
        attributes: [],
        because: [],
        from: "aws_x.old",
        isReversible: true,
      },
      { address: "aws_x.found", type: "aws_x", action: "import", attributes: [], because: [], isReversible: true },
    ]);
    expect(JSON.stringify(reading.resources)).not.toContain("secret value");
  });

  test("what is marked as sensitive is handed out, wherever it is", () => {
    const { reading, secrets } = read(
      JSON.stringify({
        format_version: "1.2",
        variables: { open: { value: "open" }, closed: { value: { deep: ["closed variable"] } } },
        resource_changes: [
          change("aws_x.a", {
            ...{
              actions: ["update"],
              before: { key: "old key", plain: "plain" },
              after: { key: "new key", list: [{ pin: 12345678 }] },
            },
            ...{ before_sensitive: { key: true }, after_sensitive: { key: true, list: [{ pin: true }] } },
          }),
          change("aws_x.b", {
            actions: ["no-op"],
            before: { key: "kept" },
            after: { key: "kept" },
            before_sensitive: { key: true },
          }),
        ],
        output_changes: {
          closed: {
            actions: ["update"],
            before: "old output",
            after: "new output",
            before_sensitive: true,
            after_sensitive: true,
          },
          open: { actions: ["no-op"], before: "x", after: "x" },
        },
        configuration: {
          root_module: { variables: { open: {}, closed: { sensitive: true, default: "default value" } } },
        },
      }),
    );

    expect(secrets.sort()).toEqual(
      ["old key", "new key", "12345678", "kept", "old output", "new output", "closed variable", "default value"].sort(),
    );
    expect(reading.variables).toEqual({ open: "open" });
    expect(reading.outputs).toEqual(["closed"]);
    expect([reading.isSensitive("aws_x.a", "list"), reading.isSensitive("aws_x.a", "plain")]).toEqual([true, false]);
  });
});
