import * as z from "zod";

/**
 * An object schema that refuses keys it does not know, and says which ones it does.
 *
 * @param shape the keys with their schemas
 */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `is not a known key here; known keys: ${Object.keys(shape).join(", ")}`
        : undefined,
  });
}
