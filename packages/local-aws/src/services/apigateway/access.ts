import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import type { InputOf, RequestContext } from "../../core/service.ts";
import type { ApiState } from "./api-state.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** What a policy's extension is called in an OpenAPI document. */
const POLICY_EXTENSION = Buffer.from("x-amazon-apigateway-policy");

/**
 * The permissions of API Gateway: the HTTP method on the path of what is asked for, and a few more.
 *
 * @param operations - the names of all operations
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
 */
export function apiGatewayAccess(state: ApiState, operations: readonly string[]): AccessNeeds<Sdk> {
  const plain = (_input: unknown, context: RequestContext): readonly AccessNeed[] => [onPath(state, context)];

  /** Tags on creation are a PUT on the tags of whatever the new resource will be called: so say AWS's denials. */
  const withTags = (
    tags: Record<string, string> | undefined,
    context: RequestContext,
    conditions: ConditionValues = {},
  ): readonly AccessNeed[] => {
    const requested = requestTags(tags);
    const need = onPath(state, context, { ...requested, ...conditions });
    return Object.keys(tags ?? {}).length === 0
      ? [need]
      : [need, { action: "apigateway:PUT", resource: tagsPath(context, `${need.resource}/*`), conditions: requested }];
  };

  const withDocumentPolicy = (
    input: { readonly body: Uint8Array | undefined },
    context: RequestContext,
  ): readonly AccessNeed[] => [
    onPath(state, context),
    ...(input.body !== undefined && Buffer.from(input.body).includes(POLICY_EXTENSION) ? [onPolicy(context)] : []),
  ];

  const onTags =
    (method: string, conditions: (input: TagInput) => ConditionValues) =>
    (input: TagInput, context: RequestContext): readonly AccessNeed[] => [
      {
        action: `apigateway:${method}`,
        resource: tagsPath(context, input.resourceArn ?? ""),
        conditions: {
          ...resourceConditions(state, input.resourceArn?.replace(/^arn:aws[a-z-]*:apigateway:[^:]*::/, "") ?? ""),
          ...conditions(input),
        },
      },
    ];

  const special: AccessNeeds<Sdk> = {
    CreateRestApi: (input, context) => [
      ...withTags(input.tags, context, {
        "apigateway:Request/ApiName": input.name,
        "apigateway:Request/EndpointType": input.endpointConfiguration?.types,
        "apigateway:Request/DisableExecuteApiEndpoint": String(input.disableExecuteApiEndpoint ?? false),
      }),
      ...(input.policy === undefined ? [] : [onPolicy(context)]),
    ],
    UpdateRestApi: (input, context) => [
      onPath(state, context),
      ...(patches(input, "/policy") ? [onPolicy(context)] : []),
    ],
    ImportRestApi: withDocumentPolicy,
    PutRestApi: withDocumentPolicy,
    CreateStage: (input, context) => withTags(input.tags, context, { "apigateway:Request/StageName": input.stageName }),
    CreateApiKey: (input, context) => withTags(input.tags, context),
    CreateUsagePlan: (input, context) => withTags(input.tags, context),
    CreateDeployment: (input, context) => [onPath(state, context, { "apigateway:Request/StageName": input.stageName })],
    PutMethod: (input, context) => [
      onPath(state, context, {
        "apigateway:Request/ApiKeyRequired": String(input.apiKeyRequired ?? false),
        "apigateway:Request/RouteAuthorizationType": input.authorizationType,
      }),
    ],
    PutIntegration: (input, context) => [onPath(state, context), ...passRole(input.credentials)],
    UpdateIntegration: (input, context) => [onPath(state, context), ...passPatchedRole(input, "/credentials")],
    CreateAuthorizer: (input, context) => [onPath(state, context), ...passRole(input.authorizerCredentials)],
    UpdateAuthorizer: (input, context) => [onPath(state, context), ...passPatchedRole(input, "/authorizerCredentials")],
    UpdateAccount: (input, context) => [onPath(state, context), ...passPatchedRole(input, "/cloudwatchRoleArn")],
    TagResource: onTags("PUT", ({ tags }) => requestTags(tags)),
    UntagResource: onTags("DELETE", ({ tagKeys }) => ({ "aws:TagKeys": tagKeys })),
    GetTags: onTags("GET", () => ({})),
  };
  return { ...Object.fromEntries(operations.map((name) => [name, plain])), ...special };
}

interface TagInput {
  readonly resourceArn: string | undefined;
  readonly tags?: Record<string, string> | undefined;
  readonly tagKeys?: string[] | undefined;
}

function onPath(state: ApiState, { http, region }: RequestContext, conditions: ConditionValues = {}): AccessNeed {
  const path = http.path.replace(/\/+$/, "");
  return {
    action: `apigateway:${http.method}`,
    resource: `arn:aws:apigateway:${region}::${path}`,
    conditions: { ...resourceConditions(state, path), ...conditions },
  };
}

/** Resource policies have an action of their own beside the change of the API. */
function onPolicy({ http, region }: RequestContext): AccessNeed {
  const path = http.path.replace(/\/+$/, "");
  return { action: "apigateway:UpdateRestApiPolicy", resource: `arn:aws:apigateway:${region}::${path}` };
}

function tagsPath({ region }: RequestContext, resourceArn: string): string {
  // In a pattern the star stays a star.
  return `arn:aws:apigateway:${region}::/tags/${encodeURIComponent(resourceArn)}`;
}

/**
 * Handing a role to API Gateway. Credentials of an integration that are no role (`arn:aws:iam::*:user/*`: those of whoever calls the
 * API) are not handed over.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
function passRole(roleArn: string | undefined): readonly AccessNeed[] {
  return roleArn === undefined || roleArn === "" || /:user\/\*$/.test(roleArn)
    ? []
    : [
        {
          action: "iam:PassRole",
          resource: roleArn,
          conditions: { "iam:PassedToService": "apigateway.amazonaws.com" },
        },
      ];
}

function passPatchedRole(
  { patchOperations }: Pick<InputOf<Sdk, "UpdateAccount">, "patchOperations">,
  member: string,
): readonly AccessNeed[] {
  return (patchOperations ?? [])
    .filter(({ op, path }) => (op === "replace" || op === "add") && path === member)
    .flatMap(({ value }) => passRole(value));
}

function patches({ patchOperations }: InputOf<Sdk, "UpdateRestApi">, path: string): boolean {
  return (patchOperations ?? []).some((operation) => operation.path === path);
}

/** What is known of the resource at a path: its own tags, or those of the API that it is part of. */
function resourceConditions(state: ApiState, path: string): ConditionValues {
  const [, kind, id = "", below, name] = path.split("/");
  if (kind === "restapis") {
    const settings = id === "" ? undefined : state.apis.get(id)?.settings;
    const stage = below === "stages" && name !== undefined ? state.stages.get(`${id}/${name}`) : undefined;
    return settings === undefined
      ? {}
      : {
          ...tagConditions("aws:ResourceTag", stage?.tags ?? settings.tags),
          "apigateway:Resource/ApiName": settings.name,
          "apigateway:Resource/EndpointType": settings.endpointConfiguration?.types,
        };
  }
  if (id !== "" && (kind === "apikeys" || kind === "usageplans")) {
    const record = kind === "apikeys" ? state.apiKeys.get(id) : state.usagePlans.get(id);
    return tagConditions("aws:ResourceTag", record?.tags);
  }
  return {};
}

function requestTags(tags: Readonly<Record<string, string>> | undefined): ConditionValues {
  const keys = Object.keys(tags ?? {});
  return keys.length === 0 ? {} : { ...tagConditions("aws:RequestTag", tags), "aws:TagKeys": keys };
}

function tagConditions(prefix: string, tags: Readonly<Record<string, string>> = {}): ConditionValues {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}
