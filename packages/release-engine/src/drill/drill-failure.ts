/** A command of a drill came to something else than the path needs: the path does not lead back. */
export class DrillFailure extends Error {
  override readonly name = "DrillFailure";
}
