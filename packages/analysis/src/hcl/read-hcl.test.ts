// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of Terraform look like JavaScript's
import { expect, test } from "vitest";
import { HclReference, type HclScope, type HclValue, UNKNOWN } from "./hcl-value.ts";
import { readHcl } from "./read-hcl.ts";

const scope: HclScope = (root) =>
  root === "var" ? { name: "a", none: null, list: ["x", "y"], map: { k: 1 }, yes: true } : UNKNOWN;

function evaluate(expression: string): HclValue | undefined {
  return readHcl(`value = ${expression}\n`).attributes.get("value")?.(scope);
}

test.each<[string, unknown]>([
  ["1 + 2 * 3 - 4 / 2", 5],
  ["(1 + 2) * -3", -9],
  ["1 < 2 && !(2 >= 3) || false", true],
  ["var.yes ? 1 : missing.thing ? 2 : 3", 1],
  ['var.none == null ? "no" : var.none', "no"],
  ['"${var.name}-${1 + 1} \\"q\\" $${x}"', 'a-2 "q" ${x}'],
  ['[\n  "a", # why\n  var.list[1],\n]', ["a", "y"]],
  ['{ a = 1, "b" = 2\n  (var.name) = 3 }', { a: 3, b: 2 }],
  ["[for each in var.list : upper(each)]", [UNKNOWN, UNKNOWN]],
  ['{ for key, each in var.map : "${key}!" => each + 1 if each == 1 }', { "k!": 2 }],
  ["merge([{ a = 1 }, { b = 2 }]...)", { a: 1, b: 2 }],
  ['replace(trimprefix(join("-", concat(["p"], var.list)), "p-"), "-", "+")', "x+y"],
  ["try(var.none.name, null)", null],
  ["coalesce(var.none, 7)", 7],
  ["<<-EOT\n    a\n      b\n  EOT", "a\n  b\n"],
  ["<<EOT\n  a ${var.name}\nEOT", "  a a\n"],
  ["<<-EOT\n  %{ if var.yes ~}\n  a\n  %{ endif }\n  EOT", UNKNOWN],
  ["7 % 4 + 1e2 /* not 5 */", 103],
  ["var.list.1", "y"],
  ["provider::aws::arn_parse(var.name)", UNKNOWN],
  ["aws_sns_topic.alarms.arn", UNKNOWN],
  ['"${module.table.name}-x"', UNKNOWN],
])("%s", (expression, expected) => {
  expect(evaluate(expression)).toEqual(expected);
});

test("blocks have their labels, attributes and blocks inside", () => {
  const { blocks } = readHcl(`
# A comment
resource "aws_thing" "this" {
  for_each = { a = 1 }
  inner "x" {
    content { }
  }
  depends_on = [aws_other.metric, aws_other.rate]
}
`);

  expect(blocks).toHaveLength(1);
  expect(blocks[0]?.labels).toEqual(["aws_thing", "this"]);
  expect([...(blocks[0]?.body.attributes.keys() ?? [])]).toEqual(["for_each", "depends_on"]);
  expect(blocks[0]?.body.blocks[0]).toMatchObject({ type: "inner", labels: ["x"] });
});

test.each([
  ["a = <<EOT\nx\n", "line 1: the here-document EOT is not closed"],
  ["a = 1\nb = <<EOT\nx\n${x\nEOT\n", "line 5: '}' is missing"],
  ['a = "x\n', "line 1: a string is not closed"],
  ["b {\n  a = 1\n", "line 3: '}' is missing"],
  ["a = 1\n}\n", /line 2: /],
  ["a = (1\n", "line 2: ')' is missing"],
])("%j is not read, and the line is named", (source, message) => {
  expect(() => readHcl(source)).toThrow(message);
});

test("what is not there is said, not taken for nothing", () => {
  expect(() => evaluate("var.typo")).toThrow("there is no 'typo'");
});

test.each([
  ["aws_lambda_function.this.arn", "${aws_lambda_function.this.arn}"],
  ['"${aws_lambda_function.this.arn}"', "${aws_lambda_function.this.arn}"],
  ['aws_lambda_function.this["orders"].arn', '${aws_lambda_function.this["orders"].arn}'],
  ["one(aws_lambda_function.this[*].arn)", "${aws_lambda_function.this[*].arn}"],
  ["coalesce(var.none, aws_lambda_function.this.arn)", "${aws_lambda_function.this.arn}"],
  ['"arn of ${aws_lambda_function.this.arn}!"', "arn of ${aws_lambda_function.this.arn}!"],
])("%s is not known, but which one it is", (expression, shown) => {
  const value = readHcl(`value = ${expression}\n`).attributes.get("value")?.((root) =>
    root.startsWith("aws_") ? new HclReference("", [root]) : scope(root),
  );
  expect(String(value)).toBe(shown);
});

test.each(["aws_x.y.z == 1", "aws_x.y.z ? 1 : 2", "[for each in aws_x.y : each]", "upper(aws_x.y.z)", "1 + aws_x.y.z"])(
  "%s is not known",
  (expression) => {
    const value = readHcl(`value = ${expression}\n`).attributes.get("value")?.((root) => new HclReference("", [root]));
    expect(value).toBe(UNKNOWN);
  },
);
