/** A failure with an exit code of its own, where a command has several. It is told as its cause is. */
export class FailedWith extends Error {
  override readonly name = "FailedWith";
  readonly exitCode: number;

  constructor(exitCode: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.exitCode = exitCode;
  }
}
