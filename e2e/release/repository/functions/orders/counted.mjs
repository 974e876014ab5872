/**
 * Counts what a handler answers, by the function's version: Lambda itself knows only what was thrown. A line in the embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export async function counted(name, { requestContext }, answering) {
  const answer = await answering();
  const Metrics = [{ Name: "requests" }, { Name: "faults" }];
  console.log(
    JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [{ Namespace: "Shop", Dimensions: [["function", "version"]], Metrics }],
      },
      function: name,
      requestId: requestContext?.requestId,
      version: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      requests: 1,
      faults: answer.statusCode >= 500 ? 1 : 0,
    }),
  );
  return answer;
}
