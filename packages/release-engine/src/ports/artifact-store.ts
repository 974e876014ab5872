/** Keeps artifacts under names that say what is in them. */
export interface ArtifactStore {
  /**
   * Stores an artifact unless it is there already. It never overwrites.
   *
   * @throws {ReleaseError} when the bucket is missing or may not be written
   */
  putOnce(object: ArtifactObject): Promise<"stored" | "was-there">;
}

export interface ArtifactObject {
  bucket: string;
  key: string;
  bytes: Uint8Array;
  /** Checked by the store on arrival. */
  sha256Base64: string;
}
