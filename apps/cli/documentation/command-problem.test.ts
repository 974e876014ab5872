import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { commandProblem } from "./command-problem.ts";
import { LOCAL_AWS_REFERENCE } from "./local-aws-reference.ts";
import { mentionProblem } from "./mention-problem.ts";
import { shellCommands } from "./shell-commands.ts";
import { awsOperations } from "./test/aws-operations.ts";

const repository = resolve(import.meta.dirname, "../../..");
const services = new Set(["cloudwatch", "dynamodb", "lambda", "logs", "s3api"]);
const aws = await awsOperations(readFileSync(join(repository, LOCAL_AWS_REFERENCE), "utf8"), services);
const problemOf = (line: string, folder?: string) => {
  const problems = shellCommands(line).flatMap(
    ({ words }) => commandProblem(words, { repository, commands, aws }, folder) ?? [],
  );
  return problems[0];
};

test.each([
  "slipway status prod --local",
  "npx slipway rollback prod data --undo --since 14:00 --where after.price=0 --plan",
  "slipway --help",
  "slipway metrics prod AWS/Lambda/Duration --stat p50 p99",
  "npm test",
  "npm run test:smoke -- prod --version 7",
  "npm run detect:orphans -- prod lambda logs",
  "infrastructure/scripts/01-post-deployment-validation.sh prod --window short",
  "terraform -chdir=infrastructure/environments/prod plan -out=tfplan",
  "cd infrastructure/environments/prod",
  "aws logs tail /aws/lambda/api-handler-prod --follow --since 5m",
  "aws lambda wait function-updated-v2 --function-name api-handler-prod",
  "aws lambda invoke --function-name api-handler-prod:live --payload file://event.json answer.json",
  "aws dynamodb update-table --table-name items-prod --no-deletion-protection-enabled",
  "aws s3 ls s3://lambda-code-prod/ | sort | tail -2",
  "aws s3api list-object-versions --bucket terraform-state --prefix prod/",
  "aws cloudwatch describe-alarms --state-value ALARM --query 'MetricAlarms[].AlarmName'",
  "aws sts get-caller-identity",
])("%s can be typed", (line) => {
  expect(problemOf(line)).toBeUndefined();
});

test.each([
  ["slipway statsu prod", "unknown command 'statsu'"],
  ["slipway status", "missing required argument 'environment'"],
  ["slipway status prod r12", /^too many arguments for 'status'/],
  ["slipway metrics prod errors --widow 1h", "unknown option '--widow'"],
  ["slipway rollback prod everything", /argument value 'everything' is invalid/],
  ["slipway validate prod --window week", /argument 'week' is invalid/],
  ["slipway local", "names no command"],
  ["slipway", "names no command"],
  ["npm run depoly", "package.json has no script 'depoly'"],
  ["npm run test:smoke -- prod --verison 7", "unknown option '--verison'"],
  ["infrastructure/scripts/08-dance.sh prod", "there is no file infrastructure/scripts/08-dance.sh"],
  ["infrastructure/scripts/01-post-deployment-validation.sh prod --windw short", "unknown option '--windw'"],
  ["terraform import a.b c", "terraform has no 'import' that documents should name"],
  ["terraform state push current-state.json", "terraform has no 'state push' that documents should name"],
  ["cd infrastructure/environments/production", "there is no folder infrastructure/environments/production"],
  ["kubectl get pods", "'kubectl' is no program that a document may ask for"],
  ["aws ec2 describe-instances", "local AWS has no service 'ec2'"],
  [
    "aws lambda create-event-source-mapping --function-name x",
    "local AWS has no operation 'create-event-source-mapping' of lambda",
  ],
  ["aws lambda get-alias --function-name x", "aws lambda get-alias needs --name"],
  ["aws lambda get-function --function-name x now", "aws lambda get-function takes no 'now' there"],
  ["aws logs tail /aws/lambda/x --from 5m", "aws logs tail has no --from"],
  ["aws lambda wait until-monday", "aws lambda wait has no 'until-monday' here"],
  // The production guide's own.
  [
    "aws dynamodb update-table --table-name items-prod-restored --new-table-name items-prod",
    "aws dynamodb update-table has no --new-table-name",
  ],
  [
    "aws lambda update-function-configuration --environment Variables={DYNAMODB_TABLE_NAME=items-prod-restored}",
    "aws lambda update-function-configuration needs --function-name",
  ],
  ["aws lambda get-function --function-name", "aws lambda get-function: --function-name lacks its value"],
])("%s cannot: %s", (line, message) => {
  if (typeof message === "string") {
    expect(problemOf(line)).toBe(message);
  } else {
    expect(problemOf(line)).toMatch(message);
  }
});

test.each([
  ["slipway status", undefined],
  ["npx slipway state list|backup|restore ENV", undefined],
  ["slipway rollback ENV [code|data] [--to RELEASE] ...", undefined],
  ["slipway local", undefined],
  ["slipway logs prod -f --output json | jq --raw-output .x", undefined],
  ['slipway note prod documented "what --nothing says"', undefined],
  ["slipway-prod-operate", undefined],
  ["slipway statsu prod", "there is no slipway statsu prod"],
  ["slipway state push ENV", "there is no slipway state push"],
  ["slipway deploy ENV [--dry-run]", "slipway deploy has no --dry-run"],
])("a mention of %s: %s", (text, problem) => {
  expect(mentionProblem(text, commands)).toBe(problem);
});
