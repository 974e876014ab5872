import { randomUUID } from "node:crypto";
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/aws-error.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { invalidArgument, invalidRequest, malformedXml } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";

const MOST_RULES = 1000;
const LONGEST_ID = 255;
const MIDNIGHT_MS = 86_400_000;
const MINIMUM_SIZES = ["all_storage_classes_128K", "varies_by_storage_class"] as const;

/** Lifecycle rules of buckets. What they do is in `lifecycle-sweep.ts`. */
export function lifecycleOperations(state: S3State) {
  return {
    PutBucketLifecycleConfiguration(input) {
      const bucket = state.bucket(input);
      const rules = input.LifecycleConfiguration?.Rules ?? [];
      if (rules.length === 0 || rules.length > MOST_RULES) {
        throw malformedXml();
      }
      const asked = input.TransitionDefaultMinimumObjectSize;
      const minimum = MINIMUM_SIZES.find((one) => one === (asked ?? MINIMUM_SIZES[0]));
      if (minimum === undefined) {
        throw invalidArgument(
          "Invalid TransitionDefaultMinimumObjectSize",
          "x-amz-transition-default-minimum-object-size",
          asked ?? "",
        );
      }
      const checked = rules.map(checkedRule);
      if (new Set(checked.map(({ ID }) => ID)).size < checked.length) {
        throw invalidArgument("Rule ID must be unique. Found same ID for more than one rule", "ID", "");
      }
      state.update(bucket, { lifecycle: { rules: checked, transitionDefaultMinimumObjectSize: minimum } });
      return { TransitionDefaultMinimumObjectSize: minimum };
    },

    GetBucketLifecycleConfiguration(input) {
      const { name, lifecycle } = state.bucket(input);
      if (lifecycle === undefined) {
        throw new AwsError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", {
          status: 404,
          fields: { BucketName: name },
        });
      }
      return {
        Rules: [...lifecycle.rules],
        TransitionDefaultMinimumObjectSize: lifecycle.transitionDefaultMinimumObjectSize,
      };
    },

    DeleteBucketLifecycle(input) {
      const { lifecycle: _lifecycle, ...rest }: BucketRecord = state.bucket(input);
      state.buckets.put(rest.name, rest);
      return {};
    },
  } satisfies S3Operations;
}

/**
 * Checks one rule and gives it an id where it has none.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
function checkedRule(rule: LifecycleRule): LifecycleRule {
  const { ID, Status, Prefix, Filter } = rule;
  if (ID !== undefined && ID.length > LONGEST_ID) {
    throw invalidArgument("ID length should not exceed allowed limit of 255", "ID", ID);
  }
  if ((Status !== "Enabled" && Status !== "Disabled") || (Prefix !== undefined && Filter !== undefined)) {
    throw malformedXml();
  }
  const actions = [
    rule.Expiration,
    rule.Transitions?.[0],
    rule.NoncurrentVersionExpiration,
    rule.NoncurrentVersionTransitions?.[0],
    rule.AbortIncompleteMultipartUpload,
  ];
  if (actions.every((action) => action === undefined)) {
    throw invalidRequest("At least one action needs to be specified in a rule");
  }
  checkTimes(rule);
  return { ...rule, ID: ID === undefined || ID === "" ? randomUUID() : ID };
}

function checkTimes(rule: LifecycleRule): void {
  const { Days, Date: date, ExpiredObjectDeleteMarker } = rule.Expiration ?? {};
  if (rule.Expiration !== undefined) {
    const given = [Days, date, ExpiredObjectDeleteMarker].filter((one) => one !== undefined);
    if (given.length !== 1) {
      throw malformedXml();
    }
  }
  const positive: [name: string, days: number | undefined][] = [
    ["Days", Days],
    ["NoncurrentDays", rule.NoncurrentVersionExpiration?.NoncurrentDays],
    ["DaysAfterInitiation", rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation],
  ];
  for (const [name, days] of positive) {
    if (days !== undefined && (!Number.isInteger(days) || days < 1)) {
      throw invalidArgument(`'${name}' for the action must be a positive integer`, name, String(days));
    }
  }
  for (const { Days: days, Date: at, StorageClass } of rule.Transitions ?? []) {
    if ((days === undefined) === (at === undefined) || StorageClass === undefined) {
      throw malformedXml();
    }
    if (days !== undefined && days < 0) {
      throw invalidArgument("'Days' in Transition action must be nonnegative", "Days", String(days));
    }
    checkStandardIa(days, StorageClass, "Transition");
    if (days !== undefined && Days !== undefined && Days <= days) {
      throw invalidArgument(
        "'Days' in the Expiration action for prefix must be greater than 'Days' in the Transition action",
        "Days",
        String(Days),
      );
    }
  }
  for (const { NoncurrentDays, StorageClass } of rule.NoncurrentVersionTransitions ?? []) {
    checkStandardIa(NoncurrentDays, StorageClass, "NoncurrentVersionTransition");
  }
  const dates = [date, ...(rule.Transitions ?? []).map((transition) => transition.Date)];
  for (const at of dates) {
    if (at !== undefined && at.getTime() % MIDNIGHT_MS !== 0) {
      throw invalidArgument("'Date' must be at midnight GMT", "Date", at.toISOString());
    }
  }
}

function checkStandardIa(days: number | undefined, storageClass: string | undefined, action: string): void {
  if (days !== undefined && days < 30 && (storageClass === "STANDARD_IA" || storageClass === "ONEZONE_IA")) {
    throw invalidArgument(
      `'Days' in ${action} action must be greater than or equal to 30 for storageClass '${storageClass}'`,
      "Days",
      String(days),
    );
  }
}
