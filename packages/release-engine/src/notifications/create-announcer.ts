import type { LedgerBody } from "@slipway/contracts";
import type { Announcer } from "../ports/announcer.ts";
import type { Message, Notifier } from "../ports/notifier.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { ReleaseError } from "../release-error.ts";

export interface AnnouncerOptions {
  readonly notifiers: readonly Notifier[];
  /** What leaves this machine has no secrets in it, just as what is written down. */
  readonly redactor: Redactor;
  /** Shows whoever watches that people were told, or not. */
  readonly onLine?: (text: string, wasTold: boolean) => void;
  /** How long a message may take, whatever its channels do, in milliseconds: traffic may be waiting to be put back. */
  readonly withinMs?: number;
}

/**
 * Tells people on every channel that wants the moment, on all of them at once. Whether each message was delivered is written down, and
 * shown; a channel that fails, or does not answer, stops nothing.
 */
export function createAnnouncer({ notifiers, redactor, onLine, withinMs = 5_000 }: AnnouncerOptions): Announcer {
  return {
    async announce(original, write) {
      const message = redactor.json(original);
      const signal = AbortSignal.timeout(withinMs);
      const wanted = notifiers.filter(({ moments }) => moments.includes(message.moment));
      const told = await Promise.all(wanted.map((notifier) => tell(notifier, message, signal, withinMs)));
      for (const body of told) {
        if (body === undefined) {
          continue;
        }
        const { channel, detail } = body;
        const wasTold = detail === undefined;
        onLine?.(wasTold ? `told ${channel}: ${message.title}` : `NOT told ${channel}: ${detail}`, wasTold);
        // The message has gone out, or not, whether that is written down or not. A ledger that cannot be written stops the next step.
        await write(body).catch(() =>
          onLine?.(`what became of the message to ${channel} could not be written down`, false),
        );
      }
    },
  };
}

type Sent = Extract<LedgerBody, { type: "notification.sent" }>;

/** @returns undefined where there is nothing to send through yet */
async function tell(
  notifier: Notifier,
  message: Message,
  signal: AbortSignal,
  withinMs: number,
): Promise<Sent | undefined> {
  const { channel } = notifier;
  const { moment, incident, entry } = message;
  const about = {
    ...({ type: "notification.sent", moment, channel } as const),
    ...(incident !== undefined && { incident }),
    ...(entry !== undefined && { entry }),
  };
  try {
    const sending = async () => {
      const isThere = (await notifier.isThere?.()) ?? true;
      if (isThere) {
        await notifier.send(message, signal);
      }
      return isThere;
    };
    const wasSent = await Promise.race([sending(), tooLate(signal, withinMs)]);
    return wasSent ? { ...about, outcome: "sent" } : undefined;
  } catch (error) {
    // A bug of ours in a channel must not stop a release either.
    const detail =
      error instanceof ReleaseError ? `${error.what}: ${error.why}` : `an unexpected error: ${nameOf(error)}`;
    return { ...about, outcome: "failed", detail };
  }
}

/** For channels that do not look at the signal. */
function tooLate(signal: AbortSignal, withinMs: number): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(
        new ReleaseError({
          kind: "timeout",
          what: "It did not answer",
          why: `no answer within ${withinMs / 1_000} s`,
          next: "look at the channel",
        }),
      );
    });
  });
}

/** Not its message: it may name an address that is a secret. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
