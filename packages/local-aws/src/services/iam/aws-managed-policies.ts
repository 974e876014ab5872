/**
 * The AWS managed policies that serverless stacks attach, by ARN, with their documents.
 * Source: AWS Managed Policy Reference Guide. Others are answered as AWS answers for a policy that does not exist.
 */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, { readonly path: string; readonly document: string }>> = {
  ...policy("/service-role/", "AWSLambdaBasicExecutionRole", [
    { Effect: "Allow", Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" },
  ]),
  ...policy("/service-role/", "AWSLambdaDynamoDBExecutionRole", [
    {
      Effect: "Allow",
      Action: [
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      Resource: "*",
    },
  ]),
  ...policy("/service-role/", "AmazonAPIGatewayPushToCloudWatchLogs", [
    {
      Effect: "Allow",
      Action: [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
        "logs:GetLogEvents",
        "logs:FilterLogEvents",
      ],
      Resource: "*",
    },
  ]),
  ...policy("/", "AWSXRayDaemonWriteAccess", [
    {
      Effect: "Allow",
      Action: [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:GetSamplingStatisticSummaries",
      ],
      Resource: ["*"],
    },
  ]),
  ...policy("/", "AmazonDynamoDBReadOnlyAccess", [
    {
      Effect: "Allow",
      Action: [
        "dynamodb:BatchGetItem",
        "dynamodb:Describe*",
        "dynamodb:List*",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
      ],
      Resource: "*",
    },
  ]),
  ...policy("/", "AmazonS3ReadOnlyAccess", [
    { Effect: "Allow", Action: ["s3:Get*", "s3:List*", "s3:Describe*"], Resource: "*" },
  ]),
  ...policy("/", "CloudWatchLogsReadOnlyAccess", [
    {
      Effect: "Allow",
      Action: [
        "logs:Describe*",
        "logs:Get*",
        "logs:List*",
        "logs:StartQuery",
        "logs:StopQuery",
        "logs:TestMetricFilter",
        "logs:FilterLogEvents",
        "logs:StartLiveTail",
        "logs:StopLiveTail",
        "cloudwatch:GenerateQuery",
      ],
      Resource: "*",
    },
  ]),
  ...policy("/service-role/", "AWSLambdaSQSQueueExecutionRole", [
    {
      Effect: "Allow",
      Action: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      Resource: "*",
    },
  ]),
  ...policy("/", "AmazonS3FullAccess", [{ Effect: "Allow", Action: ["s3:*", "s3-object-lambda:*"], Resource: "*" }]),
  ...policy("/", "AmazonSNSFullAccess", [{ Effect: "Allow", Action: ["sns:*"], Resource: "*" }]),
  ...policy("/", "AmazonSQSFullAccess", [{ Effect: "Allow", Action: ["sqs:*"], Resource: "*" }]),
  ...policy("/", "IAMReadOnlyAccess", [
    {
      Effect: "Allow",
      Action: [
        "iam:GenerateCredentialReport",
        "iam:GenerateServiceLastAccessedDetails",
        "iam:Get*",
        "iam:List*",
        "iam:SimulateCustomPolicy",
        "iam:SimulatePrincipalPolicy",
      ],
      Resource: "*",
    },
  ]),
  ...policy("/", "AWSDenyAll", [{ Sid: "DenyAll", Effect: "Deny", Action: ["*"], Resource: "*" }]),
  ...policy("/", "AdministratorAccess", [{ Effect: "Allow", Action: "*", Resource: "*" }]),
};

/** The AWS managed policy of that ARN, when local AWS knows it. */
export function findAwsManagedPolicy(arn: string): { readonly path: string; readonly document: string } | undefined {
  return Object.hasOwn(AWS_MANAGED_POLICIES, arn) ? AWS_MANAGED_POLICIES[arn] : undefined;
}

function policy(
  path: string,
  name: string,
  Statement: readonly object[],
): Record<string, { path: string; document: string }> {
  return {
    [`arn:aws:iam::aws:policy${path}${name}`]: {
      path,
      document: JSON.stringify({ Version: "2012-10-17", Statement }),
    },
  };
}
