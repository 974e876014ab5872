import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import { viaService } from "../../core/key-needs.ts";
import { functionArn, type Place, parseFunctionName } from "./function-names.ts";
import type { LambdaModule, LambdaState } from "./lambda-state.ts";
import { functionPolicy } from "./resource-policy.ts";

/** What is asked of a function, version or alias. */
interface Target {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

/**
 * The permissions of Lambda. What the caller must be allowed on S3 for the code is checked where the code is read, because Lambda
 * words that denial itself; what the execution role must be allowed, where the role is set.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
export function lambdaAccess(state: LambdaState): AccessNeeds<LambdaModule> {
  /** A need on what a request names, with its qualifier. */
  const need = (action: string, place: Place, target: Target, conditions: ConditionValues = {}): AccessNeed => {
    const { name, qualifier, arn } = referenceOf(place, target);
    const view = state.functions.find(name);
    return {
      action,
      resource: arn,
      conditions: { ...tagConditions("aws:ResourceTag", view?.record.tags), ...conditions },
      ...(view === undefined ? {} : { resourcePolicy: functionPolicy(view, qualifier, arn) }),
    };
  };

  /** An operation that takes qualifiers, and is checked on the version or alias. */
  const onTarget =
    (action: string) =>
    (input: Target, place: Place): readonly AccessNeed[] => [need(action, place, input)];

  /** An operation on the function as a whole, whatever version or alias it is about. */
  const onFunction =
    (action: string) =>
    ({ FunctionName }: Target, place: Place): readonly AccessNeed[] => [need(action, place, { FunctionName })];

  const onPermission =
    (action: string) =>
    (
      input: Target & { readonly Principal?: string | undefined; readonly FunctionUrlAuthType?: string | undefined },
      place: Place,
    ): readonly AccessNeed[] => [
      need(action, place, input, {
        "lambda:Principal": input.Principal,
        "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType,
      }),
    ];

  const everywhere = (action: string) => (): readonly AccessNeed[] => [{ action, resource: "*" }];

  const onTags =
    (action: string) =>
    (
      input: {
        readonly Resource: string | undefined;
        readonly Tags?: Record<string, string> | undefined;
        readonly TagKeys?: string[] | undefined;
      },
      place: Place,
    ): readonly AccessNeed[] => [
      need(
        action,
        place,
        { FunctionName: input.Resource },
        input.TagKeys === undefined ? requestTags(input.Tags) : { "aws:TagKeys": input.TagKeys },
      ),
    ];

  return {
    CreateFunction: (input, place) => [
      need("lambda:CreateFunction", place, input, requestTags(input.Tags)),
      ...(Object.keys(input.Tags ?? {}).length === 0
        ? []
        : [need("lambda:TagResource", place, input, requestTags(input.Tags))]),
      ...passRole(input.Role),
      ...keyAdoption(state, place, input.KMSKeyArn, input),
    ],
    UpdateFunctionConfiguration: (input, place) => [
      need("lambda:UpdateFunctionConfiguration", place, input),
      ...passRole(input.Role),
      ...keyAdoption(state, place, input.KMSKeyArn, input),
    ],
    UpdateFunctionCode: onFunction("lambda:UpdateFunctionCode"),
    GetFunction: onTarget("lambda:GetFunction"),
    GetFunctionConfiguration: onTarget("lambda:GetFunctionConfiguration"),
    ListFunctions: everywhere("lambda:ListFunctions"),
    DeleteFunction: onTarget("lambda:DeleteFunction"),
    GetFunctionCodeSigningConfig: onFunction("lambda:GetFunctionCodeSigningConfig"),
    GetRuntimeManagementConfig: onTarget("lambda:GetRuntimeManagementConfig"),
    GetFunctionRecursionConfig: onFunction("lambda:GetFunctionRecursionConfig"),
    PutFunctionRecursionConfig: onFunction("lambda:PutFunctionRecursionConfig"),
    PublishVersion: onFunction("lambda:PublishVersion"),
    ListVersionsByFunction: onFunction("lambda:ListVersionsByFunction"),
    CreateAlias: onFunction("lambda:CreateAlias"),
    UpdateAlias: onFunction("lambda:UpdateAlias"),
    GetAlias: onFunction("lambda:GetAlias"),
    ListAliases: onFunction("lambda:ListAliases"),
    DeleteAlias: onFunction("lambda:DeleteAlias"),
    AddPermission: onPermission("lambda:AddPermission"),
    RemovePermission: onPermission("lambda:RemovePermission"),
    GetPolicy: onTarget("lambda:GetPolicy"),
    PutFunctionConcurrency: onFunction("lambda:PutFunctionConcurrency"),
    GetFunctionConcurrency: onFunction("lambda:GetFunctionConcurrency"),
    DeleteFunctionConcurrency: onFunction("lambda:DeleteFunctionConcurrency"),
    GetProvisionedConcurrencyConfig: onTarget("lambda:GetProvisionedConcurrencyConfig"),
    ListProvisionedConcurrencyConfigs: onFunction("lambda:ListProvisionedConcurrencyConfigs"),
    GetAccountSettings: everywhere("lambda:GetAccountSettings"),
    PutFunctionEventInvokeConfig: onTarget("lambda:PutFunctionEventInvokeConfig"),
    UpdateFunctionEventInvokeConfig: onTarget("lambda:UpdateFunctionEventInvokeConfig"),
    GetFunctionEventInvokeConfig: onTarget("lambda:GetFunctionEventInvokeConfig"),
    ListFunctionEventInvokeConfigs: onFunction("lambda:ListFunctionEventInvokeConfigs"),
    DeleteFunctionEventInvokeConfig: onTarget("lambda:DeleteFunctionEventInvokeConfig"),
    ListTags: onTags("lambda:ListTags"),
    TagResource: onTags("lambda:TagResource"),
    UntagResource: onTags("lambda:UntagResource"),
    Invoke: onTarget("lambda:InvokeFunction"),
  };
}

/** What a request means; one that cannot be read is the operation's business to refuse. */
function referenceOf(
  place: Place,
  { FunctionName = "", Qualifier }: Target,
): { name: string; qualifier: string | undefined; arn: string } {
  try {
    const { name, qualifier } = parseFunctionName(place, FunctionName, Qualifier);
    return { name, qualifier, arn: functionArn(place, name, qualifier) };
  } catch {
    const arn = FunctionName.startsWith("arn:") ? FunctionName : functionArn(place, FunctionName);
    return { name: FunctionName, qualifier: undefined, arn };
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
function passRole(roleArn: string | undefined): readonly AccessNeed[] {
  return roleArn === undefined
    ? []
    : [
        {
          action: "iam:PassRole",
          resource: roleArn,
          conditions: { "iam:PassedToService": "lambda.amazonaws.com" },
        },
      ];
}

/**
 * What a caller needs on the key that a function's environment variables are to be encrypted with.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 */
function keyAdoption(
  { dependencies }: LambdaState,
  place: Place,
  wanted: string | undefined,
  target: Target,
): readonly AccessNeed[] {
  const { keys } = dependencies;
  if (keys === undefined || wanted === undefined || wanted === "") {
    return [];
  }
  let keyArn: string | undefined;
  try {
    keyArn = keys.findKeyArn(wanted);
  } catch {
    keyArn = undefined;
  }
  if (keyArn === undefined) {
    return [];
  }
  const { name } = referenceOf(place, target);
  const conditions = {
    ...keys.keyConditions?.(keyArn),
    ...viaService("lambda", place),
    "kms:EncryptionContext:aws:lambda:FunctionArn": functionArn(place, name),
    "kms:EncryptionContextKeys": "aws:lambda:FunctionArn",
  };
  const resourcePolicy = keys.keyPolicy(keyArn);
  return [
    {
      action: "kms:CreateGrant",
      resource: keyArn,
      conditions: { ...conditions, "kms:GrantIsForAWSResource": "true" },
      resourcePolicy,
    },
    { action: "kms:Encrypt", resource: keyArn, conditions, resourcePolicy },
  ];
}

function requestTags(tags: Readonly<Record<string, string>> | undefined): ConditionValues {
  const keys = Object.keys(tags ?? {});
  return keys.length === 0 ? {} : { ...tagConditions("aws:RequestTag", tags), "aws:TagKeys": keys };
}

function tagConditions(prefix: string, tags: Readonly<Record<string, string>> = {}): ConditionValues {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}
