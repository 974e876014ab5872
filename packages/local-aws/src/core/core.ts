import type { Store } from "../store/store.ts";
import type { Authorizer } from "./access.ts";
import type { Clock } from "./clock.ts";
import type { Credentials } from "./credentials.ts";

/** What every service of local AWS is built on. */
export interface Core {
  readonly accountId: string;
  readonly region: string;
  /** Base URL of the endpoint as clients reach it, such as `http://127.0.0.1:4566`; known only once it listens. */
  readonly endpoint: () => string;
  readonly store: Store;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly authorizer: Authorizer;
  /** One line for the operator of local AWS (its log file), not for callers. */
  readonly log: (line: string) => void;
}
