/** Takes secrets out of what is written down or shown. */
export interface Redactor {
  /** Remembers a value that must not be seen anywhere; values that are too short to be told from ordinary text are left out. */
  learn(secret: string): void;
  /**
   * Takes for no secret, now and later, a text that everybody may read, such as the name of a function, and the words of a name. Where one
   * variable of a function is secret, Terraform marks them all: its table's name, and its Region. A secret that merely occurs in such a
   * text, as in an address, is still taken out wherever else it stands.
   */
  keep(text: string): void;
  /** A text without them, and without what looks like a key, a token or a password. */
  text(value: string): string;
  /** The same for every text in a JSON value, names of members included; what is given stays as it is. */
  json<T>(value: T): T;
}
