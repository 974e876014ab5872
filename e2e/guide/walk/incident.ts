import type { WalkedPage } from "./walked-command.ts";

export const incident: WalkedPage = {
  file: "5-incident-response.md",
  commands: [
    { begins: "slipway incident detect prod --watch", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway incident list prod", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway alarms prod", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "aws cloudwatch describe-alarms --state-value ALARM",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        "aws logs filter-log-events --log-group-name /aws/lambda/api-handler-prod --filter-pattern '{ $.level = \"ERROR\" || $.status >= 500 }' --start-time \"$(date -d '1 hour ago' +%s)000\"",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        'aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Errors --dimensions Name=FunctionName,Value=api-handler-prod --start-time "$(date -u -d \'1 hour ago\' +%Y-%m-%dT%H:%M:%S)" --end-time "$(date -u +%Y-%m-%dT%H:%M:%S)" --period 60 --statistics Sum',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway incident show prod ID", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway incident ack prod ID", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: 'slipway incident classify prod ID 1 --reason "all orders since 9:10 are lost"',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "slipway incident update prod ID --template monitoring --audience customers",
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway metrics prod --window 1h", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway incident investigate prod ID", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway history prod --limit 5", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway show prod", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway logs prod --errors --since 1h", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway insights prod error-analysis --since 1h", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "aws logs tail /aws/lambda/api-handler-prod --follow --since 1h",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: 'aws logs tail "/aws/apigateway/$api_id" --follow --since 1h',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        'aws cloudwatch get-metric-statistics --namespace AWS/DynamoDB --metric-name ConsumedWriteCapacityUnits --dimensions Name=TableName,Value=items-prod --start-time "$(date -u -d \'1 hour ago\' +%Y-%m-%dT%H:%M:%S)" --end-time "$(date -u +%Y-%m-%dT%H:%M:%S)" --period 60 --statistics Sum',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway incident mitigate prod ID --rollback", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway deploy staging", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway deploy prod --plan", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway deploy prod", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway alarms prod", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway smoke prod", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway metrics prod errors --window 15m", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway metrics prod latency --window 15m", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway incident resolve prod ID", leftOut: "the walk has not come to this chapter yet" },
    {
      begins:
        'aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Errors --dimensions Name=FunctionName,Value=api-handler-prod --start-time "$(date -u -d \'5 minutes ago\' +%Y-%m-%dT%H:%M:%S)" --end-time "$(date -u +%Y-%m-%dT%H:%M:%S)" --period 60 --statistics Sum',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        'aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Duration --dimensions Name=FunctionName,Value=api-handler-prod --start-time "$(date -u -d \'5 minutes ago\' +%Y-%m-%dT%H:%M:%S)" --end-time "$(date -u +%Y-%m-%dT%H:%M:%S)" --period 60 --extended-statistics p50 p99',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: 'slipway incident note prod ID "the cache was cold after the restart of the partner"',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway incident postmortem prod ID", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway incident close prod ID", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway incident stats prod --since 90d", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: 'slipway incident note prod ID "r12 asks for an index that is not there" --about root-cause',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: 'slipway incident note prod ID "Tuesday 10:00, Jane invites" --about post-mortem',
      leftOut: "the walk has not come to this chapter yet",
    },
  ],
};
