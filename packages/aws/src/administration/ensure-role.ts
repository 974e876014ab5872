import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  NoSuchEntityException,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { translateAwsError } from "../translate-aws-error.ts";

/** A role that Terraform cannot make, because it runs under it. */
export interface WantedRole {
  readonly name: string;
  readonly description: string;
  /** JSON documents. */
  readonly trustPolicy: string;
  readonly policy: string;
  readonly policyName: string;
}

/** What was found or made. */
export interface EnsuredRole {
  readonly arn: string;
  readonly changed: boolean;
}

/**
 * Makes a role with one inline policy, or brings it to what is wanted.
 *
 * @throws {ReleaseError} when IAM refuses
 */
export async function ensureRole(iam: IAMClient, wanted: WantedRole): Promise<EnsuredRole> {
  try {
    return await findOrMake(iam, wanted);
  } catch (error) {
    throw translateAwsError(error, { action: "iam:CreateRole", subject: `the role ${wanted.name}` });
  }
}

async function findOrMake(iam: IAMClient, wanted: WantedRole): Promise<EnsuredRole> {
  const found = await orUndefined(iam.send(new GetRoleCommand({ RoleName: wanted.name })));
  let changed = false;
  let arn = found?.Role?.Arn;
  if (arn === undefined) {
    const made = await iam.send(
      new CreateRoleCommand({
        RoleName: wanted.name,
        Description: wanted.description,
        AssumeRolePolicyDocument: wanted.trustPolicy,
      }),
    );
    arn = made.Role?.Arn ?? "";
    changed = true;
  } else if (!sameDocument(found?.Role?.AssumeRolePolicyDocument, wanted.trustPolicy)) {
    const update = { RoleName: wanted.name, PolicyDocument: wanted.trustPolicy };
    await iam.send(new UpdateAssumeRolePolicyCommand(update));
    changed = true;
  }
  const name = { RoleName: wanted.name, PolicyName: wanted.policyName };
  const policy = await orUndefined(iam.send(new GetRolePolicyCommand(name)));
  if (!sameDocument(policy?.PolicyDocument, wanted.policy)) {
    await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: wanted.policy }));
    changed = true;
  }
  return { arn, changed };
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoSuchEntityException) {
      return undefined;
    }
    throw error;
  }
}

/** IAM gives documents percent-encoded. */
function sameDocument(found: string | undefined, wanted: string): boolean {
  return (
    found !== undefined && JSON.stringify(JSON.parse(decodeURIComponent(found))) === JSON.stringify(JSON.parse(wanted))
  );
}
