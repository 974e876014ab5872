import type { WalkedPage } from "./walked-command.ts";

export const validation: WalkedPage = {
  file: "3-post-deployment-validation.md",
  commands: [
    { begins: "slipway watch prod ", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway watch prod --once ", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway validate prod --window immediate", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway validate prod --window short", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: 'slipway validate prod --window extended --sign-off "Jane Doe" --note "no complaint in the shop"',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway local alarm-drill", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "aws lambda get-function --function-name api-handler-prod",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        "aws logs filter-log-events --log-group-name /aws/lambda/api-handler-prod --filter-pattern '{ $.level = \"ERROR\" || $.status >= 500 }' --start-time \"$(date -d '1 hour ago' +%s)000\"",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: 'aws apigateway get-stage --rest-api-id "$api_id" --stage-name prod',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "aws dynamodb describe-table --table-name items-prod",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        "aws cloudwatch describe-alarms --alarm-names api-handler-prod-errors --query 'MetricAlarms[0].StateValue'",
      leftOut: "the walk has not come to this chapter yet",
    },
  ],
};
