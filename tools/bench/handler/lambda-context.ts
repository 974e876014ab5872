/** What the runtime passes beside the event, as far as handlers and their libraries read it; the rest is functions. */
export const lambdaContext = {
  functionName: "items-api-bench",
  functionVersion: "7",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:items-api-bench:live",
  memoryLimitInMB: "256",
  awsRequestId: "8f5d7a3c-1111-4222-8333-444455556666",
  logGroupName: "/aws/lambda/items-api-bench",
  logStreamName: "2026/01/01/[7]0123456789abcdef0123456789abcdef",
};
