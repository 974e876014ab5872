import { posix } from "node:path";
import { type HclValue, isHclObject } from "../hcl/hcl-value.ts";
import { addressOf, instancesOf, outputWith } from "./detect-functions.ts";
import type { DetectedApi, DetectedRoute } from "./detected.ts";
import {
  type ApiDocument,
  type DocumentedOperation,
  documentedOperations,
  methodOf,
  operationsIn,
} from "./open-api.ts";
import { routeOf } from "./propose-smoke.ts";
import { mentions, refersTo } from "./refers-to.ts";
import type { TerraformInstance, TerraformModule } from "./terraform-module.ts";

/** The REST APIs of a root module, with the ways into them. */
export function detectApis(module: TerraformModule, documents: readonly ApiDocument[]): readonly DetectedApi[] {
  const functions = instancesOf(module, "aws_lambda_function");
  const aliases = instancesOf(module, "aws_lambda_alias");
  const target = (value: HclValue | undefined) => targetOf(value, functions, aliases);
  return instancesOf(module, "aws_api_gateway_rest_api").map((api) => {
    const isOfApi = (each: TerraformInstance) => refersTo(each.argument("rest_api_id"), api, ["id"]);
    const of = (type: string) => instancesOf(module, type).filter(isOfApi);
    const stages = of("aws_api_gateway_stage");
    const url = outputWith(module, (value) =>
      stages.some(
        (stage) =>
          refersTo(value, stage, ["invoke_url"]) || String(value).includes(`\${${addressOf(stage)}.invoke_url}`),
      ),
    );
    const body = api.argument("body");
    const own = [...resourceRoutes(api, of, target), ...bodyRoutes(body, target)];
    const routes = own.length > 0 ? own : fileRoutes(api, documents);
    return {
      ...{ address: addressOf(api), file: api.resource.file },
      ...{ routes, operations: operationsOf(body, routes, documents) },
      ...(url && { urlOutput: url }),
      hasStage: stages.length > 0,
      hasAccessLog: stages.some(({ resource }) => hasBlock(resource.block, "access_log_settings")),
      isThrottled: of("aws_api_gateway_method_settings").some(({ resource }) =>
        resource.block.body.blocks.some(
          ({ type, body }) => type === "settings" && body.attributes.has("throttling_rate_limit"),
        ),
      ),
    };
  });
}

/** A block, or one that is made where something is so. */
function hasBlock({ body }: TerraformInstance["resource"]["block"], name: string): boolean {
  return body.blocks.some(({ type, labels }) => type === name || (type === "dynamic" && labels[0] === name));
}

type Target = Pick<DetectedRoute, "answeredBy" | "isPastAlias">;

/** The function that an integration calls. */
function targetOf(
  uri: HclValue | undefined,
  functions: readonly TerraformInstance[],
  aliases: readonly TerraformInstance[],
): Target {
  const alias = aliases.find((each) => mentions(uri, each));
  const named = alias?.argument("function_name");
  const behind =
    alias === undefined
      ? functions.find((each) => mentions(uri, each))
      : functions.find(
          (each) =>
            refersTo(named, each, ["function_name", "arn", "id"]) ||
            (typeof named === "string" && each.argument("function_name") === named),
        );
  return behind === undefined
    ? { isPastAlias: false }
    : { answeredBy: addressOf(behind), isPastAlias: alias === undefined };
}

/** Of `aws_api_gateway_resource`, `_method` and `_integration`. */
function resourceRoutes(
  api: TerraformInstance,
  of: (type: string) => readonly TerraformInstance[],
  target: (uri: HclValue | undefined) => Target,
): DetectedRoute[] {
  const resources = of("aws_api_gateway_resource");
  const integrations = of("aws_api_gateway_integration");
  const authorizers = of("aws_api_gateway_authorizer");
  // Who is refused may be told so by another status then.
  const hasOwnAnswers = of("aws_api_gateway_gateway_response").length > 0;
  const pathOf = (id: HclValue | undefined, depth = 0): string | undefined => {
    if (refersTo(id, api, ["root_resource_id"])) {
      return "";
    }
    const resource = resources.find((each) => refersTo(id, each, ["id"]));
    const part = resource?.argument("path_part");
    const parent = resource === undefined || depth > 20 ? undefined : pathOf(resource.argument("parent_id"), depth + 1);
    return parent === undefined || typeof part !== "string" ? undefined : `${parent}/${part}`;
  };
  return of("aws_api_gateway_method").flatMap((method) => {
    const path = pathOf(method.argument("resource_id"));
    const verb = methodOf(method.argument("http_method"));
    if (path === undefined || verb === undefined) {
      return [];
    }
    const integration = integrations.find((each) => {
      const its = each.argument("http_method");
      const isItsMethod = refersTo(its, method, ["http_method"]) || its === verb;
      return isItsMethod && sameReference(each.argument("resource_id"), method);
    });
    return [
      {
        ...{ path: path === "" ? "/" : path, method: verb, ...target(integration?.argument("uri")) },
        isOpen: method.argument("authorization") === "NONE" && method.argument("api_key_required") !== true,
        refuses: !hasOwnAnswers && refusesStrangers(method, authorizers),
        needsInput: needsInput(method.argument("request_parameters")),
      },
    ];
  });
}

function sameReference(id: HclValue | undefined, method: TerraformInstance): boolean {
  return refersTo(id, method, ["resource_id"]) || String(id) === String(method.argument("resource_id"));
}

/** Whether the gateway refuses who brings nothing, before anybody is asked who could see it otherwise. */
function refusesStrangers(method: TerraformInstance, authorizers: readonly TerraformInstance[]): boolean {
  const kind = method.argument("authorization");
  const id = method.argument("authorizer_id");
  const authorizer = authorizers.find((each) => refersTo(id, each, ["id"]));
  // One of type REQUEST may be asked about nobody, and let nobody in.
  const asksForToken =
    authorizer !== undefined && [undefined, null, "TOKEN"].includes(authorizer.argument("type") as string);
  return (
    kind === "AWS_IAM" ||
    kind === "COGNITO_USER_POOLS" ||
    (kind === "CUSTOM" && asksForToken) ||
    method.argument("api_key_required") === true
  );
}

/** `method.request.querystring.q = true` is one that has to be there. */
function needsInput(parameters: HclValue | undefined): boolean {
  return isHclObject(parameters)
    ? Object.entries(parameters).some(([name, value]) => !/\.path\./.test(name) && value !== false)
    : parameters !== undefined && parameters !== null;
}

/** Of an OpenAPI document that stands in the code: `body = jsonencode({ ... })`. */
function bodyRoutes(body: HclValue | undefined, target: (uri: HclValue | undefined) => Target): DetectedRoute[] {
  const documented = documentedOperations(body);
  return operationsIn(body).map(({ path, method, operation }, index) => {
    const integration = operation["x-amazon-apigateway-integration"];
    return {
      ...{ path, method, ...target(isHclObject(integration) ? integration.uri : undefined) },
      ...{ isOpen: isOpen(operation), refuses: false, needsInput: documented[index]?.needsInput ?? false },
    };
  });
}

/** Of an OpenAPI document in a file beside: who answers is not in it. */
function fileRoutes({ resource }: TerraformInstance, documents: readonly ApiDocument[]): DetectedRoute[] {
  if (!resource.block.body.attributes.has("body")) {
    return [];
  }
  const folder = posix.dirname(resource.file);
  const near = documents.filter(({ file }) => isNear(posix.dirname(file), folder));
  const root = near.find((each) => operationsIn(each.root).length > 0)?.root;
  const documented = documentedOperations(root);
  return operationsIn(root).map(({ path, method, operation }, index) => ({
    ...{ path, method, isPastAlias: false, isOpen: isOpen(operation), refuses: false },
    needsInput: documented[index]?.needsInput ?? false,
  }));
}

/** The gateway takes no notice of what a document asks of all of its operations. */
function isOpen({ security }: { readonly [key: string]: HclValue }): boolean {
  return !Array.isArray(security) || security.length === 0;
}

/** In the same folder, or in one beside it, as modules are. */
function isNear(folder: string, other: string): boolean {
  return folder === other || posix.dirname(folder) === posix.dirname(other);
}

/** What the document in the code says, or those of the repository, as far as the API has routes for it. */
function operationsOf(
  body: HclValue | undefined,
  routes: readonly DetectedRoute[],
  documents: readonly ApiDocument[],
): readonly DocumentedOperation[] {
  const own = documentedOperations(body);
  const all =
    own.length > 0
      ? own
      : documents.flatMap(({ root, hasBasePath }) =>
          documentedOperations(root).filter((each) => routeOf(each, routes, hasBasePath) !== undefined),
        );
  return all.filter(
    ({ path, method }, index) => all.findIndex((each) => each.path === path && each.method === method) === index,
  );
}
