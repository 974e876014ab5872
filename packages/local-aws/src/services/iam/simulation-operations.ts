import { type CompiledPolicy, compilePolicy } from "../../authorization/compile-policy.ts";
import { ContextValues, type PrincipalFacts } from "../../authorization/context-values.ts";
import { evaluate } from "../../authorization/evaluate.ts";
import type { AccessDecision, ConditionValues, PolicySource } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf, Operations, OutputOf, RequestContext } from "../../core/service.ts";
import { contextKeysOf } from "./context-keys.ts";
import { type Iam, type IamState, type Identity, noSuchEntity, page, required } from "./iam-state.ts";
import { validatePolicyDocument } from "./policy-document.ts";
import { findIdentity } from "./policy-source.ts";
import { statementPositions } from "./statement-positions.ts";

type Input = Omit<InputOf<Iam, "SimulateCustomPolicy">, "PolicyInputList">;
type Output = OutputOf<Iam, "SimulateCustomPolicy">;
type Result = NonNullable<Output["EvaluationResults"]>[number];
type SourceType = NonNullable<NonNullable<Result["MatchedStatements"]>[number]["SourcePolicyType"]>;

/** A policy that takes part in a simulation. */
interface Source {
  readonly name: string;
  readonly type: SourceType;
  readonly document: string;
  readonly policy: CompiledPolicy;
}

/** What is asked, over and over for each action and resource. */
interface Simulation {
  readonly principal: PrincipalFacts;
  readonly identity: readonly Source[];
  readonly boundary: Source | undefined;
  readonly resourcePolicy: Source | undefined;
  readonly conditions: ConditionValues;
}

/**
 * The policy simulator, on the engine that decides about real requests.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export function simulationOperations(state: IamState, policies: PolicySource): Operations<Iam> {
  return {
    SimulateCustomPolicy(input, context) {
      if (input.ResourcePolicy !== undefined && input.CallerArn === undefined) {
        throw invalid("CallerArn is required when ResourcePolicy is given.");
      }
      return simulate(input, context, {
        principal: callerFacts(input.CallerArn, context),
        identity: inputPolicies(required(input.PolicyInputList, "policyInputList")),
        boundary: inputBoundary(input),
        resourcePolicy: inputResourcePolicy(input),
        conditions: conditionsOf(input),
      });
    },

    SimulatePrincipalPolicy(input, context) {
      const arn = required(input.PolicySourceArn, "policySourceArn");
      const found = findIdentity(state, arn);
      const bound = policies.policiesOf(arn);
      if (found === undefined || bound === undefined) {
        throw noSuchEntity(`Could not find entity for ARN ${arn}; local AWS simulates users and roles.`);
      }
      if (input.ResourcePolicy !== undefined && input.CallerArn === undefined && found.kind !== "user") {
        throw invalid("CallerArn is required when ResourcePolicy is given and PolicySourceArn is not a user.");
      }
      const { kind, identity } = found;
      return simulate(input, context, {
        principal:
          input.CallerArn === undefined
            ? identityFacts(kind, identity, context)
            : callerFacts(input.CallerArn, context),
        identity: [
          ...Object.entries(identity.inlinePolicies).map(([name, document]) =>
            source(`${kind}_${identity.name}_${name}`, kind, document),
          ),
          ...bound.identity
            .filter(({ name }) => identity.attachedPolicies.includes(name))
            .map(({ name, document }) => source(policyName(name), managedType(name), document)),
          ...inputPolicies(input.PolicyInputList ?? []),
        ],
        boundary:
          inputBoundary(input) ??
          (bound.boundary &&
            source(policyName(bound.boundary.name), managedType(bound.boundary.name), bound.boundary.document)),
        resourcePolicy: inputResourcePolicy(input),
        conditions: conditionsOf(input),
      });
    },
  };
}

function simulate(input: Input, context: RequestContext, simulation: Simulation): Output {
  refuseUnsupported(input, context);
  const actions = required(input.ActionNames, "actionNames");
  const bad = actions.find((action) => !/^[\w-]+:[\w*?-]+$/.test(action));
  if (actions.length === 0 || bad !== undefined) {
    throw invalid(`Invalid action name: ${bad ?? ""}; write it like s3:GetObject.`);
  }
  const resources = input.ResourceArns ?? [];
  const badResource = resources.find(
    (resource) => resource !== "*" && !/^arn:[^:]*:[^:]+:[^:]*:[^:]*:.+$/.test(resource),
  );
  if (badResource !== undefined) {
    throw invalid(`Invalid resource ARN: ${badResource}`);
  }
  const results = actions.flatMap((action) =>
    (resources.length === 0 ? ["*"] : resources).map((resource) =>
      resultOf(simulation, action, resource, resources.length > 0, context),
    ),
  );
  const { items, ...rest } = page(results, input);
  return { EvaluationResults: items, ...rest };
}

function resultOf(
  simulation: Simulation,
  action: string,
  resource: string,
  isSpecific: boolean,
  { clock, region, accountId }: RequestContext,
): Result {
  const { principal, identity, boundary, resourcePolicy, conditions } = simulation;
  const values = new ContextValues(principal, { now: clock.now(), region, accountId }, conditions);
  const need = { action, resource };
  const decision = evaluate({
    principal,
    need,
    context: values,
    identity,
    boundary,
    resource: resourcePolicy && { ...resourcePolicy, mode: "sufficient" },
  });
  const sources = [...identity, ...[boundary, resourcePolicy].filter((one) => one !== undefined)];
  const missing = [...new Set(sources.flatMap(({ document }) => contextKeysOf(document)))]
    .filter((key) => values.get(key) === undefined)
    .sort();
  const verdict = verdictOf(decision);
  const matched = matchedStatements(decision, sources);
  const detail = boundary && {
    AllowedByPermissionsBoundary: evaluate({ principal, need, context: values, identity: [boundary] }).allowed,
  };
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: verdict,
    MatchedStatements: matched,
    MissingContextValues: isSpecific ? [] : missing,
    PermissionsBoundaryDecisionDetail: detail,
    ResourceSpecificResults: isSpecific
      ? [
          {
            EvalResourceName: resource,
            EvalResourceDecision: verdict,
            MatchedStatements: matched,
            MissingContextValues: missing,
            PermissionsBoundaryDecisionDetail: detail,
          },
        ]
      : undefined,
  };
}

function verdictOf(decision: AccessDecision): "allowed" | "explicitDeny" | "implicitDeny" {
  if (decision.allowed) {
    return "allowed";
  }
  return decision.denial === "explicit" ? "explicitDeny" : "implicitDeny";
}

function matchedStatements(
  decision: AccessDecision,
  sources: readonly Source[],
): NonNullable<Result["MatchedStatements"]> {
  return decision.by.flatMap(({ policy, statement }) => {
    const found = sources.find(({ name }) => name === policy);
    const index = found?.policy.statements.findIndex(({ name }) => name === statement) ?? -1;
    return found === undefined
      ? []
      : [{ SourcePolicyId: found.name, SourcePolicyType: found.type, ...statementPositions(found.document)[index] }];
  });
}

function source(name: string, type: SourceType, document: string): Source {
  return { name, type, document, policy: compilePolicy(document) };
}

function inputPolicies(documents: readonly string[]): readonly Source[] {
  return documents.map((document, index) => checkedSource(`PolicyInputList.${index + 1}`, "none", document));
}

function inputBoundary({ PermissionsBoundaryPolicyInputList: list }: Input): Source | undefined {
  const [document] = list ?? [];
  if (list !== undefined && list.length > 1) {
    throw invalid("PermissionsBoundaryPolicyInputList takes one policy: an identity has one boundary.");
  }
  return document === undefined ? undefined : checkedSource("PermissionsBoundaryPolicyInputList.1", "none", document);
}

function inputResourcePolicy({ ResourcePolicy: document }: Input): Source | undefined {
  if (document === undefined) {
    return undefined;
  }
  try {
    JSON.parse(document);
  } catch (cause) {
    throw new AwsError("InvalidInputException", "ResourcePolicy: Invalid Json", { cause });
  }
  return source("ResourcePolicy", "resource", document);
}

function checkedSource(name: string, type: SourceType, document: string): Source {
  try {
    validatePolicyDocument(document, "identity");
  } catch (cause) {
    throw cause instanceof AwsError
      ? new AwsError("InvalidInputException", `${name}: ${cause.message}`, { cause })
      : cause;
  }
  return source(name, type, document);
}

function conditionsOf({ ContextEntries }: Input): ConditionValues {
  return Object.fromEntries(
    (ContextEntries ?? []).map(({ ContextKeyName, ContextKeyValues, ContextKeyType }) => {
      if (ContextKeyName === undefined || ContextKeyValues === undefined || ContextKeyType === undefined) {
        throw invalid("A ContextEntry needs ContextKeyName, ContextKeyType and ContextKeyValues.");
      }
      return [ContextKeyName, ContextKeyValues];
    }),
  );
}

function identityFacts(kind: "role" | "user", identity: Identity, { accountId }: RequestContext): PrincipalFacts {
  const { arn, id, name, tags } = identity;
  const facts = {
    principalArn: arn,
    accountId,
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
  };
  return kind === "user"
    ? { ...facts, type: "User", arn, userId: id, userName: name }
    : {
        ...facts,
        type: "AssumedRole",
        arn: `arn:aws:sts::${accountId}:assumed-role/${name}/simulation`,
        userId: `${id}:simulation`,
      };
}

function callerFacts(arn: string | undefined, { accountId }: RequestContext): PrincipalFacts {
  if (arn === undefined) {
    return { type: "Anonymous", arn: "", principalArn: "", userId: "", accountId, tags: {} };
  }
  const [, callerAccount, name] = /^arn:[^:]+:iam::(\d{12}):user\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (callerAccount === undefined || name === undefined) {
    throw invalid(`CallerArn ${arn} must be the ARN of an IAM user.`);
  }
  return { type: "User", arn, principalArn: arn, userId: "", accountId: callerAccount, userName: name, tags: {} };
}

function refuseUnsupported({ ResourceHandlingOption, ResourceOwner }: Input, { accountId }: RequestContext): void {
  if (ResourceHandlingOption !== undefined) {
    throw new AwsError("NotImplemented", "Local AWS does not implement ResourceHandlingOption: it has no EC2.", {
      status: 400,
    });
  }
  if (ResourceOwner !== undefined && !ResourceOwner.includes(accountId)) {
    throw new AwsError("NotImplemented", `Local AWS plays one account, ${accountId}: ResourceOwner can be no other.`, {
      status: 400,
    });
  }
}

function managedType(arn: string): SourceType {
  return arn.startsWith("arn:aws:iam::aws:") ? "aws-managed" : "user-managed";
}

function policyName(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidInputException", message);
}
