/** Whether `e2e/guide-monitoring.test.ts` types this command of the original guide: what asks for figures, logs, and what is there. */
export function isMonitoringCommand(command: string): boolean {
  return /^aws (?:cloudwatch|logs|apigateway get-stage|dynamodb describe-table|lambda (?:get-function|list-versions-by-function)) /.test(
    command,
  );
}
