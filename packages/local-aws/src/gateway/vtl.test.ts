import { describe, expect, it } from "vitest";
import type { Exchange } from "./exchange.ts";
import { compileTemplate } from "./vtl.ts";

const exchange = {
  target: { apiId: "abc", stage: "prod", path: "/items/7" },
  stage: { stageName: "prod", deploymentId: "d", variables: { color: "blue" } },
  matched: { resourceId: "r", resourcePath: "/items/{id}", method: {}, pathParameters: { id: "7" } },
  request: {
    method: "GET",
    headers: { origin: "https://a.example" },
    query: new URLSearchParams("id=8&q=x"),
    body: Buffer.from('{"a":1}'),
  },
} as unknown as Exchange;

function render(text: string): string {
  const template = compileTemplate(text);
  return typeof template === "function" ? template(exchange) : `unsupported: ${template.unsupported}`;
}

describe("compileTemplate", () => {
  it("fills in context, stage variables and parameters, with and without braces", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: API Gateway's own syntax for stage variables and Velocity references
    expect(render("$context.httpMethod ${context.stage} $stageVariables.color.")).toBe("GET prod blue.");
    expect(render("$input.params('id') $input.params(\"q\") $input.params('Origin')")).toBe("7 x https://a.example");
    expect(render("$input.json('$') $input.body")).toBe('{"a":1} {"a":1}');
    expect(render("[$context.nothing]")).toBe("[]");
  });

  it("drops comments and the assignment that the console writes", () => {
    expect(render("#set($inputRoot = $input.path('$'))\n{ }## end\n")).toBe("{ }");
    expect(render("a#* long\n comment *#b")).toBe("ab");
  });

  it("leaves dollars and hashes that mean nothing to Velocity alone", () => {
    expect(render("costs $5, color #fff, <a href='#top'>")).toBe("costs $5, color #fff, <a href='#top'>");
  });

  it.each([
    ["#if($context.stage == 'prod')yes#end", "#if"],
    ["#set($x = 1)$x", "#set"],
    ["$util.escapeJavaScript('x')", "$util.escapeJavaScript('x')"],
    ["$input.path('$.a')", "$input.path('$.a')"],
    ["#foreach($i in $list)x#end", "#foreach"],
    ["$unknown", "$unknown"],
  ])("names what it does not run: %s", (text, unsupported) => {
    expect(render(text)).toBe(`unsupported: ${unsupported}`);
  });
});
