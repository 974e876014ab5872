import { expect } from "vitest";
import type { WalkedPage } from "./walked-command.ts";

export const rollback: WalkedPage = {
  file: "4-rollback-procedures.md",
  commands: [
    { begins: "slipway rollback prod --plan ", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: 'slipway rollback prod --reason "customers cannot check out"',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway drill prod", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway history prod", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway rollback prod --plan", leftOut: "the walk has not come to this chapter yet" },
    { begins: 'slipway rollback prod --reason "r12 times out"', leftOut: "the walk has not come to this chapter yet" },
    {
      begins: 'slipway rollback prod --to r10 --reason "r11 is no better"',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: 'slipway rollback prod --take-over --reason "the deploy hangs"',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: 'slipway rollback prod --break-glass --reason "DynamoDB is down, and so are orders"',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway ledger reconcile prod", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "aws lambda get-alias --function-name api-handler-prod --name live",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        "aws lambda update-alias --function-name api-handler-prod --name live --function-version 7 --routing-config 'AdditionalVersionWeights={}'",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "aws logs tail /aws/lambda/api-handler-prod --follow",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        'aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Errors --dimensions Name=FunctionName,Value=api-handler-prod --start-time "$(date -u -d \'5 minutes ago\' +%Y-%m-%dT%H:%M:%S)" --end-time "$(date -u +%Y-%m-%dT%H:%M:%S)" --period 60 --statistics Sum',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway rollback prod infrastructure --plan", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: 'slipway rollback prod infrastructure --to r12 --reason "the API answers 403"',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "cd infrastructure/environments/prod", proves: (folder) => expect(folder).toMatch(/prod$/) },
    {
      begins: "terraform state list",
      proves: (said) => expect(said).toContain("module.items.module.table.aws_dynamodb_table.this\n"),
    },
    {
      begins: "terraform state show module.items.module.table.aws_dynamodb_table.this",
      proves: (said) => expect(said).toMatch(/name += "items-prod"/),
    },
    { begins: "git worktree add before COMMIT", leftOut: "the walk has not come to this chapter yet" },
    { begins: "here=$PWD/infrastructure/environments/prod", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: 'terraform -chdir=before/infrastructure/environments/prod init -backend-config="$here/backend.hcl"',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        'terraform -chdir=before/infrastructure/environments/prod plan -var-file="$here/terraform.tfvars" -out=tfplan',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "terraform -chdir=before/infrastructure/environments/prod show tfplan",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "terraform -chdir=before/infrastructure/environments/prod apply tfplan",
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway state list prod", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "slipway state restore prod --version 3sL4kqtJlcpXroDTDmJ --plan",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "slipway rollback prod data --undo --release r12 --where after.price=0 --plan",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "slipway rollback prod data --undo --release r12 --where after.price=0",
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway rollback prod data --undo-of r13", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway backup prod list", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "slipway rollback prod data --restore --to-time 2026-11-28T16:15:00Z --dry-run",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: 'slipway rollback prod data --restore --to-time 2026-11-28T16:15:00Z --reason "r12 emptied descriptions"',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "aws dynamodb list-backups --table-name items-prod",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "aws dynamodb describe-continuous-backups --table-name items-prod",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      ...{ begins: "aws dynamodb restore-table-from-backup", original: true },
      values: (walk) => ({
        "arn:aws:dynamodb:us-east-1:ACCOUNT:table/items-prod/backup/BACKUP_ID": walk.fact("backup"),
      }),
      proves: (said) =>
        expect(JSON.parse(said)).toMatchObject({ TableDescription: { TableName: "items-prod-restored" } }),
    },
    {
      begins:
        "aws dynamodb restore-table-to-point-in-time --source-table-name items-prod --target-table-name items-prod-restored-20261128-161500 --restore-date-time 2026-11-28T16:15:00Z",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "aws dynamodb wait table-exists --table-name items-prod-restored-20261128-161500",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        "aws dynamodb describe-table --table-name items-prod-restored-20261128-161500 --query 'Table.[TableStatus,ItemCount]'",
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway show prod r13", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: 'slipway note prod root-cause "r12 asked for an index that is not there" --release r13',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: 'slipway note prod post-mortem "Tuesday 10:00, Jane invites" --release r13',
      leftOut: "the walk has not come to this chapter yet",
    },
  ],
};
