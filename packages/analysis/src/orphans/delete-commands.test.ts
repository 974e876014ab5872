import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { deleteCommands } from "./delete-commands.ts";
import type { FoundResource } from "./found-resource.ts";
import { found } from "./test/found.ts";

const region = "eu-central-1";

/** What the program `aws` is given when a shell runs the commands: one list of words for each call. */
function callsOf(resource: FoundResource): string[][] {
  const script = `aws() { for word in "$@"; do printf '%s\\037' "$word"; done; printf '\\036'; }\n${deleteCommands(resource, region).join("\n")}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" })
    .split("\u001e")
    .slice(0, -1)
    .map((call) => call.split("\u001f").slice(0, -1));
}

describe("deleteCommands", () => {
  it.each([
    ["lambda-function", ["lambda", "delete-function", "--function-name"]],
    ["dynamodb-backup", ["dynamodb", "delete-backup", "--backup-arn"]],
    ["log-group", ["logs", "delete-log-group", "--log-group-name"]],
    ["rest-api", ["apigateway", "delete-rest-api", "--rest-api-id"]],
    ["api-key", ["apigateway", "delete-api-key", "--api-key"]],
    ["usage-plan", ["apigateway", "delete-usage-plan", "--usage-plan-id"]],
    ["kms-alias", ["kms", "delete-alias", "--alias-name"]],
    ["sns-topic", ["sns", "delete-topic", "--topic-arn"]],
    ["sqs-queue", ["sqs", "delete-queue", "--queue-url"]],
    ["schedule-group", ["scheduler", "delete-schedule-group", "--name"]],
    ["metric-alarm", ["cloudwatch", "delete-alarms", "--alarm-names"]],
    ["composite-alarm", ["cloudwatch", "delete-alarms", "--alarm-names"]],
    ["dashboard", ["cloudwatch", "delete-dashboards", "--dashboard-names"]],
    ["query-definition", ["logs", "delete-query-definition", "--query-definition-id"]],
  ] as const)("%s: one call", (type, words) => {
    expect(callsOf(found(type, "x1"))).toEqual([[...words, "x1", "--region", region]]);
  });

  it.each(["it's; rm -rf ~", "$(reboot)", "a b", "`id`", "%PATH%", "line\nbreak"])("quotes %j", (name) => {
    expect(callsOf(found("metric-alarm", name))[0]?.[3]).toBe(name);
  });

  it("does not let a name pass for an option", () => {
    expect(callsOf(found("dashboard", "--all"))[0]).toEqual([
      ...["cloudwatch", "delete-dashboards", "--dashboard-names=--all", "--region", region],
    ]);
  });

  it("gives IAM no Region, and takes everything off a role and a policy first", () => {
    const facts = { attachedPolicyArns: ["arn:p"], inlinePolicyNames: ["inline"], instanceProfileNames: ["machine"] };
    expect(callsOf(found("iam-role", "r", { facts }))).toEqual([
      ["iam", "detach-role-policy", "--role-name", "r", "--policy-arn", "arn:p"],
      ["iam", "delete-role-policy", "--role-name", "r", "--policy-name", "inline"],
      ["iam", "remove-role-from-instance-profile", "--instance-profile-name", "machine", "--role-name", "r"],
      ["iam", "delete-role", "--role-name", "r"],
    ]);
    const attachedTo = [{ kind: "user", name: "u" }] as const;
    expect(callsOf(found("iam-policy", "arn:p", { facts: { attachedTo, otherVersionIds: ["v1"] } }))).toEqual([
      ["iam", "detach-user-policy", "--user-name", "u", "--policy-arn", "arn:p"],
      ["iam", "delete-policy-version", "--policy-arn", "arn:p", "--version-id", "v1"],
      ["iam", "delete-policy", "--policy-arn", "arn:p"],
    ]);
  });

  it("saves a table before it goes, and takes its protection off only where it has one", () => {
    const verbs = (deletionProtection: boolean) =>
      callsOf(found("dynamodb-table", "t", { facts: { deletionProtection } })).map(([, verb]) => verb);

    expect(verbs(false)).toEqual(["create-backup", "delete-table"]);
    expect(verbs(true)).toEqual(["create-backup", "update-table", "delete-table"]);
  });

  it("finds a schedule in its group", () => {
    expect(callsOf(found("schedule", "exports/nightly"))).toEqual([
      [...["scheduler", "delete-schedule", "--group-name", "exports", "--name", "nightly"], "--region", region],
    ]);
  });

  it("never deletes a key at once", () => {
    expect(callsOf(found("kms-key", "k"))).toEqual([
      ["kms", "schedule-key-deletion", "--key-id", "k", "--pending-window-in-days", "30", "--region", region],
    ]);
  });

  it("empties a bucket by what is in it", () => {
    const commands = (facts: FoundResource["facts"]) => deleteCommands(found("s3-bucket", "b", { facts }), region);

    expect(commands({ count: 0, isVersioned: true })).toHaveLength(1);
    expect(commands({ count: 2, isVersioned: false })[0]).toBe("aws s3 rm s3://b --recursive --region eu-central-1");
    // Versions as well where nobody knows whether there are any.
    expect(commands(undefined).join("\n")).toContain("list-object-versions");
    expect(commands({ count: 2, isVersioned: true }).at(-1)).toBe(
      "aws s3api delete-bucket --bucket b --region eu-central-1",
    );
  });

  it("takes a usage plan's stages off first", () => {
    expect(callsOf(found("usage-plan", "u", { facts: { apiStages: ["api1:prod"] } }))[0]).toContain(
      "op=remove,path=/apiStages,value=api1:prod",
    );
  });
});
