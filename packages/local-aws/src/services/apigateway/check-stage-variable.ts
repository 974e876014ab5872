import { badRequest } from "./api-state.ts";

/**
 * Checks a stage variable's name and value against the characters that API Gateway allows.
 *
 * @throws AwsError `BadRequestException`
 */
export function checkStageVariable(name: string, value: string): void {
  if (!/^[A-Za-z0-9_]+$/.test(name)) {
    throw badRequest(
      `Stage variable name ${name} is invalid. Please use names with alphanumeric characters and underscores.`,
    );
  }
  if (!/^[A-Za-z0-9 \-._~:/?#&=,]*$/.test(value)) {
    throw badRequest(
      `Stage variable value ${value} is invalid. Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`,
    );
  }
}
