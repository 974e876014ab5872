/**
 * Who approves in a drill: nobody real, at an address that nobody can have (RFC 2606). A workflow's actor would count before git's author.
 */
export function madeUpPerson({ GITHUB_ACTIONS: _, ...env }: NodeJS.ProcessEnv, number: number): NodeJS.ProcessEnv {
  return {
    ...env,
    GIT_AUTHOR_NAME: `made-up approver ${number} of the drill`,
    GIT_AUTHOR_EMAIL: `approver-${number}@drill.slipway.invalid`,
  };
}
