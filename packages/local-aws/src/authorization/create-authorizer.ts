import type {
  AccessDecision,
  AccessNeed,
  Authorizer,
  NamedPolicy,
  PolicySource,
  PrincipalPolicies,
  RequestFacts,
  ServicePrincipal,
} from "../core/access.ts";
import { AwsError } from "../core/aws-error.ts";
import type { Clock } from "../core/clock.ts";
import type { Principal } from "../core/credentials.ts";
import { AccessUsage } from "./access-usage.ts";
import { type CompiledPolicy, compilePolicy } from "./compile-policy.ts";
import { ContextValues, type PrincipalFacts } from "./context-values.ts";
import { denialMessage } from "./denial-message.ts";
import { type BoundPolicy, type Evaluation, evaluate } from "./evaluate.ts";

/** What decisions are made of. */
export interface AuthorizerOptions {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  /** Handed over late, because IAM is put together on the same core. */
  readonly policies: () => PolicySource;
}

/** A question about policies that are not (yet) what IAM has. */
export interface Supposition {
  /** ARN of a role or user, name of a service (`cloudwatch.amazonaws.com`), or ARN of an identity provider. */
  readonly principal: string;
  readonly need: AccessNeed;
  /** Instead of those that the principal has. */
  readonly policies?: Pick<PrincipalPolicies, "identity" | "boundary">;
  readonly request?: RequestFacts;
}

/** An authorizer that remembers what it was asked. */
export interface EnforcingAuthorizer extends Authorizer {
  readonly usage: AccessUsage;
  /** What would be decided. Nothing is remembered. */
  suppose(supposition: Supposition): AccessDecision;
}

/** The policies of one principal, ready to be asked. */
interface Bound {
  readonly id?: string | undefined;
  readonly identity: readonly BoundPolicy[];
  readonly boundary?: BoundPolicy;
  readonly tags: Readonly<Record<string, string>>;
}

const NOBODY: Bound = { identity: [], tags: {} };
const ALLOWED: AccessDecision = { allowed: true, by: [] };
/** Documents that are kept compiled; more than an account has. */
const MOST_COMPILED = 2_000;

/** Makes the authorizer that enforces IAM. */
export function createAuthorizer(options: AuthorizerOptions): EnforcingAuthorizer {
  const usage = new AccessUsage();
  const compiled = new Map<string, CompiledPolicy>();
  const bound = new Map<string, Bound>();
  let revision = -1;

  const compile = (document: string): CompiledPolicy => {
    let policy = compiled.get(document);
    if (policy === undefined) {
      if (compiled.size >= MOST_COMPILED) {
        compiled.clear();
      }
      policy = compilePolicy(document);
      compiled.set(document, policy);
    }
    return policy;
  };
  const bind = ({ name, document }: NamedPolicy): BoundPolicy => ({ name, policy: compile(document) });

  const policiesOf = (arn: string): Bound => {
    const source = options.policies();
    if (source.revision !== revision) {
      bound.clear();
      revision = source.revision;
    }
    let known = bound.get(arn);
    if (known === undefined) {
      const found = source.policiesOf(arn);
      known =
        found === undefined
          ? NOBODY
          : {
              id: found.id,
              identity: found.identity.map(bind),
              boundary: found.boundary === undefined ? undefined : bind(found.boundary),
              tags: found.tags,
            };
      bound.set(arn, known);
    }
    return known;
  };

  const judge = (
    principal: PrincipalFacts,
    need: AccessNeed,
    policies: Pick<Evaluation, "identity" | "boundary" | "session">,
    request: RequestFacts | undefined,
  ): AccessDecision => {
    const { accountId, region, clock } = options;
    const { resourcePolicy } = need;
    return evaluate({
      principal,
      need,
      context: new ContextValues(principal, { now: clock.now(), region, accountId, request }, need.conditions),
      ...policies,
      resource: resourcePolicy === undefined ? undefined : { ...bind(resourcePolicy), mode: resourcePolicy.mode },
    });
  };

  const decide = (principal: Principal, need: AccessNeed, request?: RequestFacts): AccessDecision => {
    if (principal.type === "root") {
      return ALLOWED;
    }
    const arn = principal.roleArn ?? principal.arn;
    const policies = principal.type === "anonymous" ? NOBODY : sameOne(policiesOf(arn), principal);
    const decision = judge(
      factsOf(principal, policies.tags),
      need,
      {
        identity: policies.identity,
        boundary: policies.boundary,
        session: principal.sessionPolicies?.map(bind),
      },
      request,
    );
    usage.add(arn, need, decision);
    return decision;
  };

  return {
    isEnforced: true,
    usage,
    decide,

    require(principal, needs, request) {
      for (const need of needs) {
        const decision = decide(principal, need, request);
        if (!decision.allowed) {
          throw new AwsError("AccessDenied", denialMessage(principal, need, decision), { status: 403 });
        }
      }
    },

    decideForRole(roleArn, need) {
      const { tags, identity, boundary } = policiesOf(roleArn);
      const decision = judge(identityFacts(roleArn, options.accountId, tags), need, { identity, boundary }, undefined);
      usage.add(roleArn, need, decision);
      return decision;
    },

    decideForService(service, need) {
      const decision = judge(serviceFacts(service), need, { identity: [] }, undefined);
      const { sourceArn } = service;
      usage.add(
        service.service,
        sourceArn === undefined ? need : { ...need, conditions: { ...need.conditions, "aws:SourceArn": sourceArn } },
        decision,
      );
      return decision;
    },

    decideForFederated({ provider }, need) {
      const decision = judge(federatedFacts(provider, options.accountId), need, { identity: [] }, undefined);
      usage.add(provider, need, decision);
      return decision;
    },

    suppose({ principal, need, policies, request }) {
      if (!principal.startsWith("arn:")) {
        const sourceArn = need.conditions?.["aws:SourceArn"];
        const source = typeof sourceArn === "string" ? sourceArn : undefined;
        return judge(serviceFacts({ service: principal, sourceArn: source }), need, { identity: [] }, request);
      }
      if (principal.includes(":oidc-provider/")) {
        return judge(federatedFacts(principal, options.accountId), need, { identity: [] }, request);
      }
      const own = policiesOf(principal);
      const supposed =
        policies === undefined
          ? own
          : { identity: policies.identity.map(bind), boundary: policies.boundary && bind(policies.boundary) };
      return judge(identityFacts(principal, options.accountId, own.tags), need, supposed, request);
    },
  };
}

/** The policies of who asks; none when whoever has the name now was made after who asks was deleted. */
function sameOne(policies: Bound, { userId }: Principal): Bound {
  const { id } = policies;
  return id === undefined || userId === id || userId.startsWith(`${id}:`) ? policies : NOBODY;
}

/** A role as one of its sessions, or a user. */
function identityFacts(arn: string, accountId: string, tags: Readonly<Record<string, string>>): PrincipalFacts {
  const name = arn.split("/").at(-1) ?? "";
  const isRole = arn.includes(":role/");
  return {
    type: isRole ? "AssumedRole" : "User",
    arn: arn.replace(/^arn:([^:]+):iam::(\d+):role\/.*$/, `arn:$1:sts::$2:assumed-role/${name}/session`),
    principalArn: arn,
    userId: "",
    accountId,
    userName: isRole ? undefined : name,
    tags,
  };
}

function serviceFacts({ service, sourceArn }: ServicePrincipal): PrincipalFacts {
  return {
    type: "Service",
    arn: service,
    principalArn: service,
    userId: service,
    accountId: service,
    tags: {},
    service,
    sourceArn,
  };
}

function federatedFacts(provider: string, accountId: string): PrincipalFacts {
  return { type: "FederatedUser", arn: provider, principalArn: provider, userId: provider, accountId, tags: {} };
}

const TYPES = {
  root: "Account",
  user: "User",
  "assumed-role": "AssumedRole",
  anonymous: "Anonymous",
} as const;

function factsOf(principal: Principal, tags: Readonly<Record<string, string>>): PrincipalFacts {
  const { type, arn, roleArn, userId, accountId, sessionContext } = principal;
  return {
    type: TYPES[type],
    arn,
    principalArn: roleArn ?? arn,
    userId,
    accountId,
    userName: type === "user" ? arn.split("/").at(-1) : undefined,
    tags,
    session: sessionContext,
  };
}
