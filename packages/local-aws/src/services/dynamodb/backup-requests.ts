import { invalid } from "./control-plane.ts";

/** A member that must be there. @throws AwsError `ValidationException` */
export function required(value: string | undefined, member: string): string {
  if (value === undefined || value === "") {
    throw invalid(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

/** The name of a backup or of a table that shall be. @throws AwsError `ValidationException` */
export function checkName(value: string | undefined, member: string): string {
  const name = required(value, member);
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have length between 3 and 255`,
    );
  }
  return name;
}
