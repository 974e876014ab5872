import { LOG_LEVELS, type LogLevel } from "./telemetry/create-logger.ts";

export interface Config {
  tableName: string;
  /** The secret that list cursors are signed with; all instances share it. */
  cursorKey: string;
  /** Origins that browsers may call from; `*` for any. */
  allowedOrigins: string[];
  logLevel: LogLevel;
}

const SHORTEST_CURSOR_KEY = 32;

/**
 * Reads the function's environment variables. It throws while the function starts, so a wrong configuration is
 * found by the first invocation of a new version, before any traffic.
 *
 * @throws {Error} that names the variable
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const tableName = env.DYNAMODB_TABLE_NAME?.trim();
  if (!tableName) {
    throw new Error(
      "DYNAMODB_TABLE_NAME is not set. Set it to the name of the items table in the function's environment.",
    );
  }
  const cursorKey = env.CURSOR_KEY ?? "";
  if (cursorKey.length < SHORTEST_CURSOR_KEY) {
    throw new Error(
      `CURSOR_KEY has ${cursorKey.length} characters. Set it to ${SHORTEST_CURSOR_KEY} or more random ones, the same for all instances of the API.`,
    );
  }
  const level = (env.LOG_LEVEL?.trim() || "INFO").toUpperCase();
  const logLevel = LOG_LEVELS.find((known) => known === level);
  if (logLevel === undefined) {
    throw new Error(`LOG_LEVEL is "${env.LOG_LEVEL}". Set it to one of ${LOG_LEVELS.join(", ")}.`);
  }
  return { tableName, cursorKey, logLevel, allowedOrigins: readOrigins(env.CORS_ALLOW_ORIGIN ?? "") };
}

function readOrigins(list: string): string[] {
  const origins = list.split(",").map((origin) => origin.trim());
  const wrong = origins.find((origin) => origin !== "" && origin !== "*" && !isOrigin(origin));
  if (wrong !== undefined) {
    throw new Error(
      `CORS_ALLOW_ORIGIN has "${wrong}". Give origins such as https://app.example.com, with no path or "/".`,
    );
  }
  return origins.filter((origin) => origin !== "");
}

/** Browsers send exactly this form, so any other (a final "/", capitals) would never match. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
