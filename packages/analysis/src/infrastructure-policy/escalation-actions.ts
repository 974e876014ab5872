/**
 * Actions by which somebody can get more rights than they were given, each with how.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html on why a boundary must be demanded
 * @see https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/ for the ways
 */
export const ESCALATION_ACTIONS: Readonly<Record<string, string>> = {
  "iam:AddUserToGroup": "join a group with more rights",
  "iam:AttachGroupPolicy": "attach any policy to a group",
  "iam:AttachRolePolicy": "attach any policy to a role",
  "iam:AttachUserPolicy": "attach any policy to a user",
  "iam:CreateAccessKey": "make keys of another user",
  "iam:CreateLoginProfile": "give another user a password",
  "iam:CreatePolicyVersion": "rewrite a policy that somebody has",
  "iam:CreateRole": "make a role without a boundary",
  "iam:DeleteRolePermissionsBoundary": "take the boundary off a role",
  "iam:DeleteUserPermissionsBoundary": "take the boundary off a user",
  "iam:PutGroupPolicy": "write any policy into a group",
  "iam:PutRolePermissionsBoundary": "change the boundary of a role",
  "iam:PutRolePolicy": "write any policy into a role",
  "iam:PutUserPermissionsBoundary": "change the boundary of a user",
  "iam:PutUserPolicy": "write any policy into a user",
  "iam:SetDefaultPolicyVersion": "bring back an older, wider version of a policy",
  "iam:UpdateAssumeRolePolicy": "let themselves assume a role",
  "iam:UpdateLoginProfile": "change another user's password",
  "lambda:UpdateFunctionCode": "run code with the role of a function",
  "sts:AssumeRole": "become any role that trusts the account",
};
