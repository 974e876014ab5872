/** Checks signatures of approvals, and of journals, against a file of allowed signers. */
export interface ApprovalSignatures {
  /**
   * @param text that was signed
   * @param signature as `ssh-keygen -Y sign` prints it
   * @param identity whose it must be: an e-mail address
   * @param namespace what it must have been made for; for approvals, unless given
   * @returns why it does not hold; undefined when it does
   * @throws {ReleaseError} when it cannot be checked at all, such as without ssh-keygen
   */
  verify(request: {
    readonly text: string;
    readonly signature: string;
    readonly identity: string;
    readonly namespace?: string;
  }): Promise<string | undefined>;
}
