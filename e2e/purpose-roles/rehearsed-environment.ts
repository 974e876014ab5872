/** The rehearsed production environment, as far as its names and identifiers matter to who may do what. */
export interface RehearsedEnvironment {
  readonly accountId: string;
  readonly region: string;
  /** `bucket_prefix` of bootstrap and environment. */
  readonly bucketPrefix: string;
  /** Output `api_id`. */
  readonly apiId: string;
  /** Where the API's stage answers. */
  readonly apiUrl: string;
  /** Output `execution_role_arn`. */
  readonly executionRoleArn: string;
  /** Outputs of the bootstrap. */
  readonly stateKmsKeyArn: string;
  readonly ledgerKmsKeyArn: string;
}

/** ARNs and names of the rehearsed environment, and of others' that its roles must not touch. */
export function namesOf(environment: RehearsedEnvironment) {
  const { accountId, region, bucketPrefix, apiId } = environment;
  const at = `${region}:${accountId}`;
  return {
    stateBucket: `${bucketPrefix}terraform-state`,
    artifactBucket: `${bucketPrefix}lambda-code-prod`,
    functionName: "api-handler-prod",
    tableName: "items-prod",
    ledgerName: "slipway-ledger",
    executionRoleName: "api-handler-prod-execution",
    backupRoleName: "items-prod-backup-execution",
    scheduleName: "items-prod-backup",
    scheduleArn: (group: string, name = group) => `arn:aws:scheduler:${at}:schedule/${group}/${name}`,
    boundaryArn: `arn:aws:iam::${accountId}:policy/slipway-prod-execution-boundary`,
    functionLogGroup: "/aws/lambda/api-handler-prod",
    stateObject: (key: string) => `arn:aws:s3:::${bucketPrefix}terraform-state/${key}`,
    artifactObject: (key: string) => `arn:aws:s3:::${bucketPrefix}lambda-code-prod/${key}`,
    bucketArn: (name: string) => `arn:aws:s3:::${name}`,
    functionArn: (name: string) => `arn:aws:lambda:${at}:function:${name}`,
    tableArn: (name: string) => `arn:aws:dynamodb:${at}:table/${name}`,
    roleArn: (name: string) => `arn:aws:iam::${accountId}:role/${name}`,
    userArn: (name: string) => `arn:aws:iam::${accountId}:user/${name}`,
    alarmArn: (name: string) => `arn:aws:cloudwatch:${at}:alarm:${name}`,
    topicArn: (name: string) => `arn:aws:sns:${at}:${name}`,
    queueUrl: (name: string) => `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
    queueArn: (name: string) => `arn:aws:sqs:${at}:${name}`,
    // As denials spell it: a group, and no stream of it in particular.
    logGroupArn: (name: string) => `arn:aws:logs:${at}:log-group:${name}:log-stream:`,
    apiArn: `arn:aws:apigateway:${region}::/restapis/${apiId}`,
    gatewayArn: (path: string) => `arn:aws:apigateway:${region}::${path}`,
  };
}

/** What {@link namesOf} gives. */
export type Names = ReturnType<typeof namesOf>;
