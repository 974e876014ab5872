/**
 * A value of a DynamoDB attribute as plain data.
 *
 * Numbers are JavaScript numbers where those hold them exactly; every other number is an {@link ExactNumber}, so that a record can be read
 * and written again without losing a digit (DynamoDB keeps 38).
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export type DocumentValue =
  | string
  | number
  | ExactNumber
  | boolean
  | null
  | Uint8Array
  | ReadonlySet<string>
  | ReadonlySet<number | ExactNumber>
  | ReadonlySet<Uint8Array>
  | readonly DocumentValue[]
  | { readonly [name: string]: DocumentValue };

/** A record of a table: its attributes by name. */
export type DocumentRecord = Readonly<Record<string, DocumentValue>>;

/** A number that a JavaScript number cannot hold, as DynamoDB spells it: `12345678901234567890`. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}
