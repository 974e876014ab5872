import type { WalkedPage } from "./walked-command.ts";

export const monitoring: WalkedPage = {
  file: "6-monitoring-alerting.md",
  commands: [
    { begins: "slipway alarms prod", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "slipway alarms prod api-handler-prod-errors --history --since 2h",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        "aws cloudwatch describe-alarms --alarm-name-prefix api-handler-prod --query 'MetricAlarms[].[AlarmName,StateValue,Threshold]'",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        "aws cloudwatch describe-alarm-history --alarm-name api-handler-prod-errors --history-item-type StateUpdate --max-items 10",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        'aws cloudwatch put-metric-alarm --alarm-name my-duration --alarm-description "p99 of api-handler-prod above 9.5 s" --namespace AWS/Lambda --metric-name Duration --dimensions Name=FunctionName,Value=api-handler-prod --extended-statistic p99 --period 300 --evaluation-periods 1 --threshold 9500 --comparison-operator GreaterThanThreshold --treat-missing-data notBreaching',
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "aws cloudwatch delete-alarms --alarm-names my-duration",
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway dashboard prod", leftOut: "the walk has not come to this chapter yet" },
    { begins: "slipway dashboard prod --open", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "aws cloudwatch get-dashboard --dashboard-name api-gateway-lambda-prod",
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "slipway insights prod", leftOut: "the walk has not come to this chapter yet" },
    {
      begins: "slipway insights prod error-analysis --since 30m",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "slipway insights prod performance-analysis --since 3h",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "slipway insights prod request-analysis --since 3h",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins: "aws logs describe-query-definitions --query-definition-name-prefix api-handler-prod",
      leftOut: "the walk has not come to this chapter yet",
    },
    {
      begins:
        'aws logs start-query --log-group-name /aws/lambda/api-handler-prod --start-time "$(date -d \'1 hour ago\' +%s)" --end-time "$(date +%s)" --query-string \'filter @type = "REPORT" | stats count(*) as calls, pct(@duration, 99) as p99 by bin(5m) as period\'',
      leftOut: "the walk has not come to this chapter yet",
    },
    { begins: "aws logs get-query-results --query-id QUERY-ID", leftOut: "the walk has not come to this chapter yet" },
  ],
};
