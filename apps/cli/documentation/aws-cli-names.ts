/** What the AWS CLI calls a service of local AWS, where they differ. */
export const AWS_CLI_NAMES: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  s3: "s3api",
  tagging: "resourcegroupstaggingapi",
};
