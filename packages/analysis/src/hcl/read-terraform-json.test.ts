// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of Terraform look like JavaScript's
import { expect, test } from "vitest";
import { HclReference, type HclScope } from "./hcl-value.ts";
import { readTerraformJson } from "./read-terraform-json.ts";

const scope: HclScope = (root) => (root === "var" ? { stage: "prod" } : new HclReference("", [root]));
const blocksOf = (value: object) => readTerraformJson(JSON.stringify(value)).blocks;

test("blocks have their labels, wherever several are in a list", () => {
  const blocks = blocksOf({
    "//": "made by a tool",
    resource: { aws_thing: { one: { name: "a" }, "//": "no thing" }, aws_other: [{ two: [{}, {}] }] },
    provider: { aws: [{ region: "eu-west-1" }, { alias: "us" }] },
    terraform: { backend: { s3: { key: "k" } } },
    locals: [{ a: 1 }, { b: 2 }],
  });

  expect(blocks.map(({ type, labels }) => [type, ...labels].join("."))).toEqual([
    ...["resource.aws_thing.one", "resource.aws_other.two", "resource.aws_other.two"],
    ...["provider.aws", "provider.aws", "terraform", "locals", "locals"],
  ]);
  expect(blocks[5]?.body.blocks).toMatchObject([{ type: "backend", labels: ["s3"] }]);
});

test.each<[string, unknown, unknown]>([
  ["a text", "plain", "plain"],
  ["a template", "orders-${var.stage}", "orders-prod"],
  ["an escape", "$${x}", "${x}"],
  ["a list", ["${var.stage}", 1, true, null], ["prod", 1, true, null]],
  ["an object", { "${var.stage}": { deep: "${1 + 1}" } }, { prod: { deep: "2" } }],
])("%s is what Terraform takes it for", (_, written, value) => {
  const [block] = blocksOf({ output: { it: { value: written } } });

  expect(block?.body.attributes.get("value")?.(scope)).toEqual(value);
});

test("what is one reference stays one, and what names something is no text", () => {
  const [block] = blocksOf({
    resource: { aws_x: { y: { id: "${aws_z.w.id}", lifecycle: { ignore_changes: ["s3_key", 'tags["a"]'] } } } },
  });
  const ignored = block?.body.blocks[0]?.body.attributes.get("ignore_changes")?.(scope);

  expect(String(block?.body.attributes.get("id")?.(scope))).toBe("${aws_z.w.id}");
  expect(String(ignored)).toBe('${s3_key},${tags["a"]}');
});

test("the default of a variable is not evaluated", () => {
  const [block] = blocksOf({ variable: { v: { default: "${not.read}" } } });

  expect(block?.body.attributes.get("default")?.(scope)).toBe("${not.read}");
});

test.each([
  ["[]", "it is not an object"],
  ["", /JSON/],
  ['{ "resources": {} }', "'resources' is no block of Terraform"],
  ['{ "resource": { "aws_x": "y" } }', "resource.aws_x is no block"],
  ['{ "output": { "o": { "value": "${" } } }', /line 1/],
])("%s is not read, and why is said", (source, message) => {
  expect(() => readTerraformJson(source)).toThrow(message);
});
