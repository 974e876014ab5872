import { posix } from "node:path";
import { HclReference, type HclValue, isHclObject } from "../hcl/hcl-value.ts";
import { addressOf, instancesOf, outputWith } from "./detect-functions.ts";
import type { DetectedApi, DetectedRoute } from "./detected.ts";
import { mentions, refersTo } from "./refers-to.ts";
import type { RepositoryFiles } from "./repository-files.ts";
import type { TerraformInstance, TerraformModule } from "./terraform-module.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** The REST APIs of a root module, with the ways into them. */
export function detectApis(module: TerraformModule, files: RepositoryFiles): readonly DetectedApi[] {
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
    const own = [...resourceRoutes(api, of, target), ...bodyRoutes(api.argument("body"), target)];
    return {
      ...{ address: addressOf(api), file: api.resource.file },
      routes: own.length > 0 ? own : fileRoutes(api, files),
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
      },
    ];
  });
}

function sameReference(id: HclValue | undefined, method: TerraformInstance): boolean {
  return refersTo(id, method, ["resource_id"]) || String(id) === String(method.argument("resource_id"));
}

function methodOf(value: unknown): DetectedRoute["method"] | undefined {
  const text = String(value).toUpperCase();
  return text === "ANY" ? "ANY" : METHODS.find((each) => each === text);
}

/** Of an OpenAPI document that stands in the code: `body = jsonencode({ ... })`. */
function bodyRoutes(body: HclValue | undefined, target: (uri: HclValue | undefined) => Target): DetectedRoute[] {
  const paths = isHclObject(body) ? body.paths : undefined;
  return operationsOf(paths).map(({ path, method, operation }) => {
    const integration = operation["x-amazon-apigateway-integration"];
    const { security } = operation;
    return {
      ...{ path, method },
      ...target(isHclObject(integration) ? integration.uri : undefined),
      isOpen: !Array.isArray(security) || security.length === 0,
    };
  });
}

/** Of an OpenAPI document in a file beside: who answers is not in it. */
function fileRoutes({ resource }: TerraformInstance, files: RepositoryFiles): DetectedRoute[] {
  if (!resource.block.body.attributes.has("body")) {
    return [];
  }
  const folder = posix.dirname(resource.file);
  const documents = [...files.keys()].filter((file) => /\.json$/.test(file) && isNear(posix.dirname(file), folder));
  for (const file of documents) {
    const document = parsed(files.get(file) ?? "");
    const routes = operationsOf(
      document.openapi === undefined && document.swagger === undefined ? undefined : document.paths,
    );
    if (routes.length > 0) {
      return routes.map(({ path, method, operation }) => ({
        ...{ path, method, isPastAlias: false },
        isOpen: !Array.isArray(operation.security) || operation.security.length === 0,
      }));
    }
  }
  return [];
}

/** In the same folder, or in one beside it, as modules are. */
function isNear(folder: string, other: string): boolean {
  return folder === other || posix.dirname(folder) === posix.dirname(other);
}

function parsed(text: string): { readonly [key: string]: HclValue } {
  try {
    const value: HclValue = JSON.parse(text);
    return isHclObject(value) ? value : {};
  } catch {
    return {};
  }
}

function operationsOf(paths: HclValue | undefined) {
  if (!isHclObject(paths) || paths instanceof HclReference) {
    return [];
  }
  return Object.entries(paths).flatMap(([path, item]) =>
    (isHclObject(item) ? Object.entries(item) : []).flatMap(([key, operation]) => {
      const method = key === "x-amazon-apigateway-any-method" ? "ANY" : methodOf(key);
      return method === undefined || !isHclObject(operation) ? [] : [{ path, method, operation }];
    }),
  );
}
