import type { Moment } from "@slipway/contracts";
import { type FailureKind, type Message, type Notifier, ReleaseError } from "@slipway/release-engine";

export interface WebhookNotifierOptions {
  /** As the configuration calls it. */
  readonly name: string;
  readonly moments: readonly Moment[];
  /** The environment variable that has the URL: what messages call it instead of the URL. */
  readonly variable: string;
  /** Its value; a secret, since whoever knows it can write there. Undefined where the variable is not set. */
  readonly url: string | undefined;
  /** How long one try may take, in milliseconds. */
  readonly timeoutMs?: number;
}

const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 250;

/**
 * Tells people through a webhook, with a JSON object that Slack's incoming webhooks understand (`text`) and that has the facts one by one
 * for others.
 *
 * The URL appears in no error: it is a secret. No redirect is followed, since it would hand the message to somebody else. What may be
 * different a moment later (no answer, 429, 5xx) is tried again, with the same `Idempotency-Key`.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export class WebhookNotifier implements Notifier {
  readonly channel: string;
  readonly moments: readonly Moment[];
  readonly #options: WebhookNotifierOptions;

  constructor(options: WebhookNotifierOptions) {
    this.channel = `webhook ${options.name}`;
    this.moments = options.moments;
    this.#options = options;
  }

  async send(message: Message, signal?: AbortSignal): Promise<void> {
    const url = usableUrl(this.#options);
    const request = {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
      body: JSON.stringify(payloadOf(message)),
    };
    for (let tries = 1; ; tries += 1) {
      const failure = await this.#try(url, request, signal);
      if (failure === undefined) {
        return;
      }
      if (!failure.isPassing || tries === MOST_TRIES || signal?.aborted === true) {
        throw failed(
          this.channel,
          failure.kind,
          tries === 1 ? failure.why : `${failure.why} (${tries} times)`,
          this.#options,
        );
      }
      await pause(FIRST_PAUSE_MS * 2 ** (tries - 1), signal);
    }
  }

  async #try(url: URL, request: RequestInit, signal: AbortSignal | undefined): Promise<Failed | undefined> {
    const { timeoutMs = 2_000 } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        ...request,
        redirect: "manual",
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      await response.body?.cancel();
      const { status } = response;
      if (status >= 200 && status < 300) {
        return undefined;
      }
      const isPassing = status === 429 || status >= 500;
      const why =
        status >= 300 && status < 400
          ? `it leads elsewhere (${status}), which is not followed`
          : `it answered ${status}`;
      return { kind: isPassing ? "throttled" : "failed", why, isPassing };
    } catch (error) {
      const kind = timeout.aborted || signal?.aborted === true ? "timeout" : "unreachable";
      return {
        kind,
        why: kind === "timeout" ? "it did not answer in time" : `it could not be reached${codeOf(error)}`,
        isPassing: true,
      };
    }
  }
}

interface Failed {
  readonly kind: FailureKind;
  readonly why: string;
  /** Whether it may be different a moment later. */
  readonly isPassing: boolean;
}

function payloadOf({ moment, environment, release, incident, title, text, next }: Message) {
  const lines = [`*${escaped(title)}*`, escaped(text), ...(next === undefined ? [] : [`Next: \`${escaped(next)}\``])];
  const about = { moment, environment, release, ...(incident && { incident }) };
  return { text: lines.join("\n"), ...about, title, detail: text, ...(next && { next }) };
}

/** Slack's three control characters. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function usableUrl(options: WebhookNotifierOptions): URL {
  const { url, name, variable } = options;
  const refuse = (why: string) => failed(`webhook ${name}`, "usage", why, options);
  if (url === undefined || url === "") {
    throw refuse(`the environment variable ${variable} is not set`);
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) {
    throw refuse(`the environment variable ${variable} holds no URL`);
  }
  const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(parsed.hostname);
  if (parsed.protocol !== "https:" && !(parsed.protocol === "http:" && isLoopback)) {
    throw refuse(`the URL in ${variable} does not begin with https: on the way everybody could read it`);
  }
  return parsed;
}

function failed(channel: string, kind: FailureKind, why: string, { variable }: WebhookNotifierOptions): ReleaseError {
  // Without a cause: the errors of fetch name the host.
  return new ReleaseError({ kind, what: `The ${channel} was not told`, why, next: `check the URL in ${variable}` });
}

/** ` (ECONNREFUSED)`; a message could have the host. */
function codeOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return reason instanceof Error && "code" in reason && typeof reason.code === "string" ? ` (${reason.code})` : "";
}

/** Ends early with the signal. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
}
