/** A page with parts that are made of the code. */
export interface GeneratedDocument {
  /** From the repository's root. */
  readonly file: string;
  readonly content: string;
}

/** Every page whose parts are made of the code, as it should be; the one about local AWS needs one that runs, and is not among them. */
export async function generatedDocuments(_repository: string): Promise<readonly GeneratedDocument[]> {
  return [];
}
