import { setTimeout as wait } from "node:timers/promises";
import type { Authorizer } from "../core/access.ts";
import { AwsError } from "../core/aws-error.ts";
import { isUserSession } from "../core/credentials.ts";
import { requestFacts } from "../core/request-facts.ts";
import type { RequestContext, Service } from "../core/service.ts";
import { type FaultRule, type Faults, faultError } from "./faults.ts";
import { own } from "./own.ts";

/** A request that has been understood, wherever it comes from. */
export interface UnderstoodRequest<T> {
  readonly service: Service;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  run(): T | Promise<T>;
}

/** `cut`: a planted fault keeps the answer, which is there where the request was acted upon. */
export type CarriedOut<T> =
  | { readonly kind: "answer"; readonly answer: T }
  | { readonly kind: "cut"; readonly answer?: T };

/**
 * Does what a request asks for, as far as its caller may, and as planted faults let it.
 *
 * @param onFault - told of the fault that the request runs into, before that has an effect
 * @throws AwsError as the operation does, for a denial, or as a planted fault has it
 */
export async function carryOut<T>(
  { authorizer, faults }: { readonly authorizer: Authorizer; readonly faults: Faults },
  request: UnderstoodRequest<T>,
  context: RequestContext,
  onFault: (fault: FaultRule) => void | Promise<void>,
): Promise<CarriedOut<T>> {
  const { service, operation, input } = request;
  authorize(authorizer, request, context);
  const fault = faults.strike({ service: service.id, operation, input });
  if (fault === undefined) {
    return { kind: "answer", answer: await request.run() };
  }
  await onFault(fault);
  switch (fault.kind) {
    case "drop":
      return { kind: "cut" };
    case "lost-answer":
      return { kind: "cut", answer: await request.run() };
    case "delay":
      await wait(fault.delayMs);
      return { kind: "answer", answer: await request.run() };
    default: {
      const error = faultError(fault.kind, service.id);
      service.onFault?.(operation, input, { code: error.code, status: error.options.status ?? 400 });
      throw error;
    }
  }
}

/** Checks that the caller may do what the request asks for: after its shape, before anything happens. */
function authorize<T>(
  authorizer: Authorizer,
  { service, operation, input }: UnderstoodRequest<T>,
  context: RequestContext,
): void {
  const { principal } = context;
  if (!authorizer.isEnforced || service.anonymousOperations?.includes(operation)) {
    return;
  }
  if (service.refusesUserSessions === true && isUserSession(principal)) {
    throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid", {
      status: 403,
    });
  }
  if (principal.type === "root") {
    return;
  }
  const needsOf = own(service.access, operation);
  if (needsOf === undefined) {
    throw new AwsError(
      "UnknownPermission",
      `Local AWS does not know which permission ${service.id}:${operation} needs, so only root may call it.`,
      { status: 400 },
    );
  }
  authorizer.require(principal, needsOf(input as never, context), requestFacts(context));
}
