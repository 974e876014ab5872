/** A document that is none of those that its command declares: a bug of ours, which tests find. */
export class UnfitDocumentError extends Error {
  override readonly name = "UnfitDocumentError";
}
