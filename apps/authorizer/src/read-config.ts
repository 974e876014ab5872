import { LOG_LEVELS, type LogLevel } from "./create-logger.ts";

export interface Config {
  /** Compared with `iss` as it is, to the last slash. */
  issuer: string;
  /** Of which a token must have one. */
  audiences: string[];
  /** Where the issuer publishes its keys. */
  jwksUri: string;
  /** Scope that allows GET and HEAD. */
  readScope: string;
  /** Scope that allows POST, PUT, PATCH and DELETE. */
  writeScope: string;
  logLevel: LogLevel;
}

/**
 * Reads the function's environment variables. It throws while the function starts, so a wrong configuration is
 * found by the first invocation of a new version, before any traffic.
 *
 * @throws {Error} that names the variable
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const issuer = readIssuer(env.JWT_ISSUER?.trim());
  return {
    issuer,
    audiences: readAudiences(env.JWT_AUDIENCE),
    jwksUri: readJwksUri(env.JWT_JWKS_URI?.trim() || `${issuer.replace(/\/$/, "")}/.well-known/jwks.json`),
    readScope: readScope("JWT_READ_SCOPE", env, "items:read"),
    writeScope: readScope("JWT_WRITE_SCOPE", env, "items:write"),
    logLevel: readLogLevel(env),
  };
}

/** An https URL without query and fragment: OpenID Connect Discovery 1.0, section 3, `issuer`. */
function readIssuer(issuer: string | undefined): string {
  const example = 'the "iss" of its tokens, such as https://login.example.com';
  if (!issuer) {
    throw new Error(`JWT_ISSUER is not set. Set it to ${example}.`);
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol !== "https:" || /[?#]/.test(issuer) || hasCredentials(url)) {
    throw new Error(`JWT_ISSUER is "${issuer}". Set it to an https URL without "?" and "#": ${example}.`);
  }
  return issuer;
}

function readAudiences(list = ""): string[] {
  const audiences = list
    .split(",")
    .map((audience) => audience.trim())
    .filter((audience) => audience !== "");
  if (audiences.length === 0) {
    throw new Error(
      'JWT_AUDIENCE is not set. Set it to what the "aud" (or else "client_id") of a token may be, separated by commas.',
    );
  }
  return audiences;
}

/** Who can change the keys on their way can sign tokens: without TLS only where there is no way. */
function readJwksUri(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url === undefined || !isSafe || hasCredentials(url)) {
    throw new Error(
      `JWT_JWKS_URI is "${text}". Set it to an https URL (http on 127.0.0.1, localhost or [::1] only), with no user name.`,
    );
  }
  return url.href;
}

/** @param hostname of a parsed URL, which has brought 127.1 and the like into the usual form */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

function hasCredentials(url: URL): boolean {
  return url.username !== "" || url.password !== "";
}

/** One scope: the characters of RFC 6749, section 3.3, without the space that separates scopes. */
function readScope(name: string, env: NodeJS.ProcessEnv, usual: string): string {
  const scope = env[name]?.trim() || usual;
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)) {
    throw new Error(`${name} is "${scope}". Set it to one scope, such as ${usual}.`);
  }
  return scope;
}

function readLogLevel(env: NodeJS.ProcessEnv): LogLevel {
  const level = (env.LOG_LEVEL?.trim() || "INFO").toUpperCase();
  const logLevel = LOG_LEVELS.find((known) => known === level);
  if (logLevel === undefined) {
    throw new Error(`LOG_LEVEL is "${env.LOG_LEVEL}". Set it to one of ${LOG_LEVELS.join(", ")}.`);
  }
  return logLevel;
}
