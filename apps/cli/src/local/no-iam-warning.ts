/** What is said wherever people could take a local AWS without IAM for one with it. */
export const NO_IAM_WARNING = `WARNING: IAM IS NOT ENFORCED on this local AWS (--no-iam): everybody may do everything.
         What works here may be denied on AWS. Leave --no-iam out to rehearse for real.
`;
