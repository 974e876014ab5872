import type { Row } from "../discovery/row.ts";
import type { Value, ValueType } from "../values/value.ts";

/** An expression that is ready to be asked of rows. */
export interface Compiled {
  readonly type: ValueType;
  readonly get: (row: Row) => Value;
  /** Its value where it is written out in the query. */
  readonly constant?: Value;
}
