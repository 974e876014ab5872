/** A query that cannot be run to its end; its status becomes `Failed`, and the reason goes to the log of local AWS. */
export class QueryFailure extends Error {
  override readonly name = "QueryFailure";
}
