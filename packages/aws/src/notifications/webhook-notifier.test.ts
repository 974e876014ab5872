import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { moments } from "@slipway/contracts";
import type { Message, ReleaseError } from "@slipway/release-engine";
import { afterEach, describe, expect, it } from "vitest";
import { WebhookNotifier } from "./webhook-notifier.ts";

const message: Message = {
  ...{ moment: "release-put-back", environment: "prod", release: "r2", title: "r2 of prod was put back" },
  ...{ text: "4 of 312 requests <5xx> & more", next: "slipway show prod r2" },
};

const SECRET = "T000-B000-s3cr3t";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A webhook that answers with these, one after the other, the last for ever. */
async function webhook(...answers: ((response: ServerResponse) => void)[]) {
  const received: Received[] = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method, url: path, headers } = request;
      received.push({ method, path, headers, body });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(response);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}/services/${SECRET}` };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end("ok");

function notifier(url: string | undefined, timeoutMs = 2_000) {
  return new WebhookNotifier({ name: "ops", moments, variable: "OPS_WEBHOOK_URL", url, timeoutMs });
}

async function failureOf(sending: Promise<void>): Promise<ReleaseError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({
    name: "ReleaseError",
    what: "The webhook ops was not told",
    next: "check the URL in OPS_WEBHOOK_URL",
  });
  return error as ReleaseError;
}

describe("WebhookNotifier", () => {
  it("posts what Slack understands, and the facts one by one", async () => {
    const { received, url } = await webhook(status(200));

    await notifier(url).send(message);

    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ method: "POST", path: `/services/${SECRET}` });
    expect(received[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      text: "*r2 of prod was put back*\n4 of 312 requests &lt;5xx&gt; &amp; more\nNext: `slipway show prod r2`",
      ...{ moment: "release-put-back", environment: "prod", release: "r2", title: "r2 of prod was put back" },
      ...{ detail: "4 of 312 requests <5xx> & more", next: "slipway show prod r2" },
    });
  });

  it("names the incident that it is about", async () => {
    const { received, url } = await webhook(status(200));
    await notifier(url).send({ ...message, moment: "incident-opened", release: null, incident: "i3", entry: 7 });
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({
      moment: "incident-opened",
      release: null,
      incident: "i3",
    });
  });

  it("tries again what may be different a moment later, with the same key, and not for ever", async () => {
    const { received, url } = await webhook(status(503), (response) => response.destroy(), status(204));
    await notifier(url).send(message);
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    server?.close();

    const down = await webhook(status(503));
    expect(await failureOf(notifier(down.url).send(message))).toMatchObject({ why: "it answered 503 (3 times)" });
    expect(down.received).toHaveLength(3);
  });

  it("does not try again what is refused", async () => {
    const { received, url } = await webhook(status(403));

    expect(await failureOf(notifier(url).send(message))).toMatchObject({ kind: "failed", why: "it answered 403" });
    expect(received).toHaveLength(1);
  });

  it("follows no redirect", async () => {
    const { received, url } = await webhook(status(302, { location: "/elsewhere" }), status(200));

    expect(await failureOf(notifier(url).send(message))).toMatchObject({
      why: "it leads elsewhere (302), which is not followed",
    });
    expect(received).toHaveLength(1);
  });

  it("waits for an answer only so long", async () => {
    const { url } = await webhook(() => undefined);

    expect(await failureOf(notifier(url, 40).send(message))).toMatchObject({
      ...{ kind: "timeout", why: "it did not answer in time (3 times)" },
    });
    expect(await failureOf(notifier(url).send(message, AbortSignal.timeout(40)))).toMatchObject({ kind: "timeout" });
  });

  it("names the address in no error", async () => {
    const { url } = await webhook(status(500));
    // Its port is free then: nobody listens there.
    await new Promise((resolve) => server?.close(resolve));
    const errors = [
      await failureOf(notifier(url).send(message)),
      await failureOf(notifier("https://no-such-host.invalid/s3cr3t").send(message)),
    ];

    for (const error of errors) {
      const text = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
      expect(text).not.toMatch(/s3cr3t|127\.0\.0\.1|no-such-host/);
      expect(error.why).toMatch(/^it could not be reached \(\w+\) \(3 times\)$/);
    }
  });

  it.each([
    [undefined, "the environment variable OPS_WEBHOOK_URL is not set"],
    ["", "the environment variable OPS_WEBHOOK_URL is not set"],
    ["nonsense-s3cr3t", "the environment variable OPS_WEBHOOK_URL holds no URL"],
    ["http://hooks.example.com/s3cr3t", /^the URL in OPS_WEBHOOK_URL does not begin with https/],
    ["file:///etc/passwd", /does not begin with https/],
  ])("refuses %j, without a word of it", async (url, why) => {
    expect(await failureOf(notifier(url).send(message))).toMatchObject({
      ...{ kind: "usage", why: typeof why === "string" ? why : expect.stringMatching(why) },
    });
  });
});
