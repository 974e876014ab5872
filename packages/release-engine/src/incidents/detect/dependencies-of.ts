import { type Dependencies, nodeOf } from "@slipway/analysis";
import type { MonitoredResources } from "../../monitoring/monitored-resources.ts";
import type { StateResource, TerraformState } from "../../ports/terraform-states.ts";
import { escapedForPattern } from "../../redaction/clear-texts.ts";

/**
 * What an environment's things need of each other, as its Terraform state has it: stages of an API the functions that they call, functions
 * the tables and queues that they are told of or may use.
 */
export function dependenciesOf(
  { resources }: Pick<TerraformState, "resources">,
  { stages, functions, tables, queues }: Pick<MonitoredResources, "stages" | "functions" | "tables" | "queues">,
): Dependencies {
  const of = (...types: string[]) => resources.filter(({ type }) => types.includes(type));
  const gateway = of("aws_api_gateway_rest_api", "aws_api_gateway_integration", "aws_api_gateway_authorizer");
  const permissions = of("aws_lambda_permission");
  const edges = [
    ...stages.map(({ apiId, apiName, stage }) => {
      const parts = gateway.filter(({ id, attributes }) => id === apiId || attributes.rest_api_id === apiId);
      const needed = functions.filter(
        ({ name }) =>
          parts.some((part) => mentions(part, new RegExp(`:function:${escapedForPattern(name)}(?![\\w-])`))) ||
          permissions.some(
            (each) => functionNameOf(each) === name && String(each.attributes.source_arn ?? "").includes(`:${apiId}/`),
          ),
      );
      return [
        nodeOf({ type: "api", name: `${apiName}/${stage}` }),
        needed.map(({ name }) => nodeOf({ type: "function", name })),
      ] as const;
    }),
    ...of("aws_lambda_function").map((resource) => {
      const role = String(resource.attributes.role ?? "").replace(/^.*\//, "");
      const policies = of("aws_iam_role_policy").filter(({ attributes }) => role !== "" && attributes.role === role);
      const told = [environmentOf(resource), ...policies.map(({ attributes }) => attributes.policy)];
      const uses = (name: string) => told.some((each) => hasName(each, name));
      return [
        nodeOf({ type: "function", name: String(resource.attributes.function_name ?? resource.id ?? "") }),
        [
          ...tables.filter(({ name }) => uses(name)).map(({ name }) => nodeOf({ type: "table", name })),
          ...queues.filter(uses).map((name) => nodeOf({ type: "queue", name })),
        ],
      ] as const;
    }),
  ];
  return Object.fromEntries(edges);
}

function environmentOf({ attributes }: StateResource): unknown {
  return [attributes.environment, attributes.dead_letter_config];
}

/** An alias may be named, too. */
function functionNameOf({ attributes }: StateResource): string {
  return String(attributes.function_name ?? "").replace(/^arn:[^:]*:lambda:[^:]*:\d*:function:([^:]+).*$/, "$1");
}

function mentions({ attributes }: StateResource, pattern: RegExp): boolean {
  return pattern.test(JSON.stringify(attributes));
}

/** As a whole name: `items` is not in `items-archive`. */
function hasName(value: unknown, name: string): boolean {
  return new RegExp(`(?<![\\w.-])${escapedForPattern(name)}(?![\\w.-])`).test(JSON.stringify(value) ?? "");
}
