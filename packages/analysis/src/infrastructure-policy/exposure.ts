import type { InfrastructureFinding } from "@slipway/contracts";
import { type FindingWords, finding } from "./finding.ts";
import { judgeApiBody } from "./judge-api-body.ts";
import { demand, look, type ResourceView, unknownFinding } from "./resource-view.ts";
import type { ResourceViews } from "./resource-views.ts";

type Rule = (view: ResourceView, all: ResourceViews) => InfrastructureFinding[];

/** What would be open to the world, apart from what policies say. */
export function judgeExposure(view: ResourceView, all: ResourceViews): InfrastructureFinding[] {
  return RULES[view.type]?.(view, all) ?? [];
}

const RULES: Readonly<Record<string, Rule>> = {
  aws_s3_bucket: judgeBucket,
  aws_s3_bucket_public_access_block: judgeAccessBlock,
  aws_s3_account_public_access_block: judgeAccessBlock,
  aws_s3_bucket_acl: judgeAcl,
  aws_lambda_permission: judgePermission,
  aws_lambda_function_url: (view) => judgeOpenDoor(view, "authorization_type", "exposure.function-url"),
  aws_api_gateway_rest_api: (view) => judgeApiBody(view, openDoor("exposure.unauthenticated-api")),
  aws_api_gateway_method: judgeMethod,
  aws_apigatewayv2_route: (view) => judgeOpenDoor(view, "authorization_type", "exposure.unauthenticated-api"),
  aws_api_gateway_method_settings: judgePayloads,
};

const BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

function judgeBucket(view: ResourceView, all: ResourceViews): InfrastructureFinding[] {
  const owner = { module: view.module, name: look(view, "bucket") };
  const { found, maybe } = all.companionsOf("aws_s3_bucket_public_access_block", "bucket", owner);
  const place = { address: view.address };
  const words = {
    id: "exposure.public-access-block",
    severity: "high",
    reason: "The bucket has no public access block, so one wrong policy or ACL opens it to the world.",
    next: "add an aws_s3_bucket_public_access_block with all four settings true",
  } as const;
  return found.length > 0 ? [] : maybe ? [unknownFinding(place, words)] : [finding(place, words)];
}

function judgeAccessBlock(view: ResourceView): InfrastructureFinding[] {
  return BLOCKS.flatMap((attribute) =>
    demand({ address: view.address, attribute }, look(view, attribute), (value) => value === true, {
      id: "exposure.public-access-block",
      severity: "high",
      reason: `${attribute} is off, so a policy or an ACL can open the bucket to the world.`,
      next: `set ${attribute} = true`,
    }),
  );
}

function judgeAcl(view: ResourceView): InfrastructureFinding[] {
  const isPublic = (value: unknown) =>
    /public|AllUsers|AuthenticatedUsers|authenticated-read/.test(JSON.stringify(value ?? ""));
  return ["acl", "access_control_policy"].flatMap((attribute) =>
    demand({ address: view.address, attribute }, look(view, attribute), (value) => !isPublic(value), {
      id: "exposure.bucket-acl",
      severity: "high",
      reason: "The ACL lets everybody, or everybody with an AWS account, in.",
      next: "leave ACLs off (BucketOwnerEnforced), and write a bucket policy that names who",
    }),
  );
}

function judgePermission(view: ResourceView): InfrastructureFinding[] {
  const { address } = view;
  const principal = look(view, "principal");
  const everybody = {
    id: "exposure.function-permission",
    severity: "high",
    reason: "The permission lets everybody invoke the function.",
    next: "name the principal, or demand principal_org_id",
  } as const;
  if (!principal.known) {
    return [unknownFinding({ address, attribute: "principal" }, everybody)];
  }
  const limits = ["source_arn", "source_account", "principal_org_id"].map((attribute) => look(view, attribute));
  // An argument that is written but not known yet will be a limit, whatever it comes to.
  if (limits.some((limit) => !limit.known || (typeof limit.value === "string" && !/^\*?$/.test(limit.value)))) {
    return [];
  }
  if (principal.value === "*") {
    return [finding({ address, attribute: "principal" }, everybody)];
  }
  const isService = typeof principal.value === "string" && /\.amazonaws\.com(\.cn)?$/.test(principal.value);
  return isService
    ? [
        finding(
          { address, attribute: "source_arn" },
          {
            id: "exposure.function-permission",
            severity: "medium",
            reason: `${principal.value} may invoke the function for anybody: another account's API, topic or bucket can be pointed at it.`,
            next: "set source_arn to the one that calls it",
          },
        ),
      ]
    : [];
}

function judgeMethod(view: ResourceView): InfrastructureFinding[] {
  const method = look(view, "http_method");
  const key = look(view, "api_key_required");
  // Browsers send no credentials with a preflight request.
  const isPreflight = method.known && method.value === "OPTIONS";
  return isPreflight || (key.known && key.value === true)
    ? []
    : judgeOpenDoor(view, "authorization", "exposure.unauthenticated-api");
}

type OpenDoor = "exposure.function-url" | "exposure.unauthenticated-api";

function judgeOpenDoor(view: ResourceView, attribute: string, id: OpenDoor): InfrastructureFinding[] {
  return demand({ address: view.address, attribute }, look(view, attribute), (value) => value !== "NONE", openDoor(id));
}

function openDoor(id: OpenDoor): FindingWords {
  return {
    id,
    severity: "medium",
    reason: "Everybody who knows the address can call it: nobody is asked who they are.",
    next: "set an authorizer (IAM, Cognito, a function), or accept the finding where it is meant to be public",
  };
}

function judgePayloads(view: ResourceView): InfrastructureFinding[] {
  const looked = look(view, "settings", 0, "data_trace_enabled");
  return demand({ address: view.address, attribute: "data_trace_enabled" }, looked, (value) => value !== true, {
    id: "exposure.payloads-logged",
    severity: "medium",
    reason: "The gateway writes whole requests and answers into its log, and whoever reads logs reads the data.",
    next: "set data_trace_enabled = false",
  });
}
