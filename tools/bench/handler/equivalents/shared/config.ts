/** The function's environment, read at the start. */
export const config = {
  tableName: required("DYNAMODB_TABLE_NAME"),
  cursorKey: required("CURSOR_KEY"),
  allowedOrigins: (process.env.CORS_ALLOW_ORIGIN ?? "").split(",").filter((origin) => origin !== ""),
};

/** What browsers may send and see. */
export const cors = {
  allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: ["Content-Type", "Authorization", "If-Match", "If-None-Match", "Idempotency-Key"],
  exposeHeaders: ["ETag", "Location", "Retry-After", "Idempotent-Replayed"],
  maxAge: 600,
};

/** The largest body that is read, in bytes. */
export const mostBodyBytes = 64 * 1024;

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`${name} is not set.`);
  }
  return value;
}
