import type { Moment } from "@slipway/contracts";

/** What people are told. */
export interface Message {
  readonly moment: Moment;
  readonly environment: string;
  readonly release: string | null;
  /** The incident that it is about. */
  readonly incident?: string;
  /** Number of the ledger's entry that it tells of, where a moment can come twice in a short time. */
  readonly entry?: number;
  /** One line. */
  readonly title: string;
  /** What happened, with numbers; several lines. */
  readonly text: string;
  /** What to type now. */
  readonly next?: string;
}

/** One way to tell people something. */
export interface Notifier {
  /** As the ledger calls it: `sns`, `webhook on-call`. Never an address that is a secret. */
  readonly channel: string;
  readonly moments: readonly Moment[];
  /** Whether there is anything to send through yet: a topic is made by the first release. Always, unless given. */
  isThere?(): Promise<boolean>;
  /** @throws {ReleaseError} when it could not be delivered */
  send(message: Message, signal?: AbortSignal): Promise<void>;
}
