import type { ResourceType } from "@slipway/contracts";
import type { FoundResource } from "./found-resource.ts";
import { shellQuote } from "./shell-quote.ts";

type Words = readonly string[];
type Deletion = (resource: FoundResource) => readonly Words[];

/** How each type is deleted with AWS CLI, and what must go first. */
const deletions: Readonly<Record<ResourceType, Deletion>> = {
  "lambda-function": ({ id }) => [["lambda", "delete-function", "--function-name", id]],
  "dynamodb-table": ({ id, facts }) => [
    // A backup outlives its table: the last chance for data that turns out to be somebody's. Of an empty table too, because
    // AWS counts items only every six hours.
    ["dynamodb", "create-backup", "--table-name", id, "--backup-name", `${id.slice(0, 238)}-before-deletion`],
    ...(facts?.deletionProtection === true
      ? [["dynamodb", "update-table", "--table-name", id, "--no-deletion-protection-enabled"]]
      : []),
    ["dynamodb", "delete-table", "--table-name", id],
  ],
  "dynamodb-backup": ({ id }) => [["dynamodb", "delete-backup", "--backup-arn", id]],
  "s3-bucket": ({ id }) => [["s3api", "delete-bucket", "--bucket", id]],
  "log-group": ({ id }) => [["logs", "delete-log-group", "--log-group-name", id]],
  "rest-api": ({ id }) => [["apigateway", "delete-rest-api", "--rest-api-id", id]],
  "api-key": ({ id }) => [["apigateway", "delete-api-key", "--api-key", id]],
  "usage-plan": ({ id, facts }) => [
    ...(facts?.apiStages ?? []).map((stage) => [
      ...["apigateway", "update-usage-plan", "--usage-plan-id", id],
      ...["--patch-operations", `op=remove,path=/apiStages,value=${stage}`],
    ]),
    ["apigateway", "delete-usage-plan", "--usage-plan-id", id],
  ],
  "iam-role": ({ id, facts }) => [
    ...(facts?.attachedPolicyArns ?? []).map((arn) => [
      ...["iam", "detach-role-policy", "--role-name", id, "--policy-arn", arn],
    ]),
    ...(facts?.inlinePolicyNames ?? []).map((name) => [
      ...["iam", "delete-role-policy", "--role-name", id, "--policy-name", name],
    ]),
    ...(facts?.instanceProfileNames ?? []).map((name) => [
      ...["iam", "remove-role-from-instance-profile", "--instance-profile-name", name, "--role-name", id],
    ]),
    ["iam", "delete-role", "--role-name", id],
  ],
  "iam-policy": ({ id, facts }) => [
    ...(facts?.attachedTo ?? []).map(({ kind, name }) => [
      ...["iam", `detach-${kind}-policy`, `--${kind}-name`, name, "--policy-arn", id],
    ]),
    ...(facts?.otherVersionIds ?? []).map((version) => [
      ...["iam", "delete-policy-version", "--policy-arn", id, "--version-id", version],
    ]),
    ["iam", "delete-policy", "--policy-arn", id],
  ],
  "oidc-provider": ({ id }) => [["iam", "delete-open-id-connect-provider", "--open-id-connect-provider-arn", id]],
  // Never at once: 30 days in which what was encrypted with it can still be saved (cancel-key-deletion).
  "kms-key": ({ id }) => [["kms", "schedule-key-deletion", "--key-id", id, "--pending-window-in-days", "30"]],
  "kms-alias": ({ id }) => [["kms", "delete-alias", "--alias-name", id]],
  "sns-topic": ({ id }) => [["sns", "delete-topic", "--topic-arn", id]],
  "sqs-queue": ({ id }) => [["sqs", "delete-queue", "--queue-url", id]],
  schedule: ({ id }) => {
    const [group = "", name = ""] = id.split("/");
    return [["scheduler", "delete-schedule", "--group-name", group, "--name", name]];
  },
  "schedule-group": ({ id }) => [["scheduler", "delete-schedule-group", "--name", id]],
  "metric-alarm": ({ id }) => [["cloudwatch", "delete-alarms", "--alarm-names", id]],
  "composite-alarm": ({ id }) => [["cloudwatch", "delete-alarms", "--alarm-names", id]],
  dashboard: ({ id }) => [["cloudwatch", "delete-dashboards", "--dashboard-names", id]],
  "query-definition": ({ id }) => [["logs", "delete-query-definition", "--query-definition-id", id]],
};

/**
 * The AWS CLI commands that delete a resource, in order, to be pasted into a POSIX shell.
 *
 * @param region for every service that has one
 */
export function deleteCommands(resource: FoundResource, region: string): string[] {
  const lines = deletions[resource.type](resource).map((words) => awsCli(words, region));
  return resource.type === "s3-bucket" ? [...emptyBucket(resource, region), ...lines] : lines;
}

/** Options of ours that no value follows. */
const switches = new Set(["--no-deletion-protection-enabled", "--recursive"]);

function awsCli(words: Words, region: string): string {
  const [service] = words;
  const all = ["aws", ...words, ...(service === "iam" ? [] : ["--region", region])];
  const written: string[] = [];
  let option: string | undefined;
  for (const word of all) {
    if (option !== undefined) {
      // A name may begin with a hyphen: as a word of its own AWS CLI would take it for an option.
      written.push(word.startsWith("-") ? shellQuote(`${option}=${word}`) : `${option} ${shellQuote(word)}`);
      option = undefined;
    } else if (word.startsWith("--") && !switches.has(word)) {
      option = word;
    } else {
      written.push(shellQuote(word));
    }
  }
  return written.join(" ");
}

/**
 * `aws s3 rm` leaves old versions and delete markers behind, and with one of them the bucket cannot be deleted. A page at a
 * time, through a file: a thousand keys are too long for an argument.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/empty-bucket.html
 */
function emptyBucket({ id, facts }: FoundResource, region: string): string[] {
  if (facts?.count === 0 && facts.isMore !== true) {
    return [];
  }
  if (facts?.isVersioned === false) {
    return [awsCli(["s3", "rm", `s3://${id}`, "--recursive"], region)];
  }
  const file = `${id}.versions.json`;
  const list = awsCli(
    [
      ...["s3api", "list-object-versions", "--bucket", id, "--max-items", "1000", "--output", "json"],
      ...["--query", "{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}, Quiet: `true`}"],
    ],
    region,
  );
  const remove = awsCli(["s3api", "delete-objects", "--bucket", id, "--delete", `file://${file}`], region);
  return [
    // Nothing new may come in meanwhile as a version of its own.
    awsCli(
      ["s3api", "put-bucket-versioning", "--bucket", id, "--versioning-configuration", "Status=Suspended"],
      region,
    ),
    `while ${list} > ${file} && grep -q VersionId ${file}; do ${remove} || break; done; rm -f ${file}`,
  ];
}
