import type { APIGatewayProxyEvent } from "aws-lambda";
import { createHandler } from "../create-handler.ts";
import type { ItemStore } from "../store/item-store.ts";
import { createLogger, type LogLevel } from "../telemetry/create-logger.ts";
import { CURSOR_KEY } from "./cursor-key.ts";
import { makeContext } from "./make-context.ts";
import { type EventOptions, makeEvent } from "./make-event.ts";

/** The time at every API that is started here. */
export const now = new Date("2026-06-01T12:00:00.000Z");
/** The id of every item that is created there. */
export const newId = "11111111-1111-4111-8111-111111111111";

/** An API over `store` whose log lines can be read. */
export function startApi(store: ItemStore, env: NodeJS.ProcessEnv = {}, level: LogLevel = "INFO") {
  const logs: Record<string, unknown>[] = [];
  const write = (line: string) => void logs.push(JSON.parse(line));
  const handler = createHandler({
    services: { store, now: () => now, newId: () => newId, cursorKey: CURSOR_KEY },
    allowedOrigins: ["https://app.example.com"],
    log: createLogger(level, () => now, write),
    write,
    env,
  });
  const send = async (event: APIGatewayProxyEvent, remainingMs?: number) => {
    const result = await handler(event, makeContext(remainingMs));
    return { ...result, headers: result.headers ?? {}, json: result.body === "" ? undefined : JSON.parse(result.body) };
  };
  const call = (method: string, path: string, options?: EventOptions) => send(makeEvent(method, path, options));
  return { call, send, logs };
}

/** A store whose every method does the same: fails with an error, or never answers. */
export function unableStore(answer: () => Promise<never>): ItemStore {
  return {
    get: answer,
    list: answer,
    createOnce: answer,
    findFirstAnswer: answer,
    replace: answer,
    delete: answer,
    check: answer,
  };
}

/** A store whose every method fails with `error`. */
export function failingStore(error: Error): ItemStore {
  return unableStore(() => Promise.reject(error));
}
