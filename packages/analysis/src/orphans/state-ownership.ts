import type { ResourceType } from "@slipway/contracts";
import type { FoundResource } from "./found-resource.ts";

/** What is needed of a resource in a Terraform state. */
export interface OwnedResource {
  readonly address: string;
  /** Terraform's type. */
  readonly type: string;
  readonly id?: string;
  readonly arn?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface TerraformType {
  readonly type: ResourceType;
  /** The attribute that holds what a scan calls the id. */
  readonly attribute: string;
}

/** Terraform's types that own a resource of ours. */
const terraformTypes: Readonly<Record<string, TerraformType>> = {
  aws_lambda_function: { type: "lambda-function", attribute: "function_name" },
  aws_dynamodb_table: { type: "dynamodb-table", attribute: "name" },
  aws_dynamodb_global_table: { type: "dynamodb-table", attribute: "name" },
  aws_s3_bucket: { type: "s3-bucket", attribute: "bucket" },
  aws_cloudwatch_log_group: { type: "log-group", attribute: "name" },
  aws_api_gateway_rest_api: { type: "rest-api", attribute: "id" },
  aws_api_gateway_api_key: { type: "api-key", attribute: "id" },
  aws_api_gateway_usage_plan: { type: "usage-plan", attribute: "id" },
  aws_iam_role: { type: "iam-role", attribute: "name" },
  aws_iam_service_linked_role: { type: "iam-role", attribute: "name" },
  aws_iam_policy: { type: "iam-policy", attribute: "arn" },
  aws_iam_openid_connect_provider: { type: "oidc-provider", attribute: "arn" },
  aws_kms_key: { type: "kms-key", attribute: "key_id" },
  aws_kms_external_key: { type: "kms-key", attribute: "id" },
  aws_kms_replica_key: { type: "kms-key", attribute: "key_id" },
  aws_kms_replica_external_key: { type: "kms-key", attribute: "key_id" },
  aws_kms_alias: { type: "kms-alias", attribute: "name" },
  aws_sns_topic: { type: "sns-topic", attribute: "arn" },
  aws_sqs_queue: { type: "sqs-queue", attribute: "arn" },
  aws_scheduler_schedule: { type: "schedule", attribute: "id" },
  aws_scheduler_schedule_group: { type: "schedule-group", attribute: "name" },
  aws_cloudwatch_metric_alarm: { type: "metric-alarm", attribute: "alarm_name" },
  aws_cloudwatch_composite_alarm: { type: "composite-alarm", attribute: "alarm_name" },
  aws_cloudwatch_dashboard: { type: "dashboard", attribute: "dashboard_name" },
  aws_cloudwatch_query_definition: { type: "query-definition", attribute: "query_definition_id" },
};

/** An account and a Region: names are unique in one of them only. */
interface Place {
  readonly account: string;
  readonly region: string;
}

/** Which resources Terraform states own. */
export class StateOwnership {
  readonly #byKey = new Map<string, { state: string; resource: OwnedResource }>();

  /**
   * @param place where the scan looked: a resource of the same name in another Region or account owns nothing here
   */
  constructor(
    states: readonly { readonly name: string; readonly resources: readonly OwnedResource[] }[],
    place: Place,
  ) {
    for (const { name, resources } of states) {
      for (const resource of resources) {
        const known = terraformTypes[resource.type];
        if (known !== undefined && isHere(resource, place)) {
          const id = resource.attributes[known.attribute];
          for (const value of [id, resource.arn]) {
            if (typeof value === "string" && value !== "") {
              this.#byKey.set(keyOf(known.type, value), { state: name, resource });
            }
          }
        }
      }
    }
  }

  /** The state and the address that own a resource. */
  ownerOf({ type, id, arn }: Pick<FoundResource, "type" | "id" | "arn">): string | undefined {
    const owner = this.#find(type, id) ?? this.#find(type, arn);
    return owner === undefined ? undefined : `${owner.state}: ${owner.resource.address}`;
  }

  /** Whether a state has a resource, known by its id or ARN alone. */
  has(type: ResourceType, idOrArn: string): boolean {
    return this.#find(type, idOrArn) !== undefined;
  }

  /** The tags that a state says an owned resource has; undefined for a type without tags. */
  tagsOf({ type, id, arn }: Pick<FoundResource, "type" | "id" | "arn">): Record<string, string> | undefined {
    const attributes = (this.#find(type, id) ?? this.#find(type, arn))?.resource.attributes;
    if (attributes === undefined || !("tags_all" in attributes || "tags" in attributes)) {
      return undefined;
    }
    const tags = attributes.tags_all ?? attributes.tags;
    return typeof tags === "object" && tags !== null ? (tags as Record<string, string>) : {};
  }

  /** The name of the state that owns a resource. */
  stateOf({ type, id, arn }: Pick<FoundResource, "type" | "id" | "arn">): string | undefined {
    return (this.#find(type, id) ?? this.#find(type, arn))?.state;
  }

  #find(type: ResourceType, value: string) {
    return this.#byKey.get(keyOf(type, value));
  }
}

function keyOf(type: ResourceType, value: string): string {
  // CloudWatch Logs ends a group's ARN in `:*` in some answers, and the provider cuts that off.
  return `${type} ${value.replace(/:\*$/, "")}`;
}

/** `arn:partition:service:region:account:rest`; global services leave Region or account out. */
function isHere({ arn }: OwnedResource, { account, region }: Place): boolean {
  if (arn === undefined || !arn.startsWith("arn:")) {
    return true;
  }
  const [, , , itsRegion, itsAccount] = arn.split(":");
  return (itsRegion === "" || itsRegion === region) && (itsAccount === "" || itsAccount === account);
}
