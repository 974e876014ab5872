import type { DestinationConfig, FunctionEventInvokeConfig } from "@aws-sdk/client-lambda";
import { requireDestinationPermission } from "./execution-role.ts";
import { functionArn, type Place } from "./function-names.ts";
import type { EventInvokeRecord } from "./function-records.ts";
import { isQueueArn } from "./function-settings.ts";
import { resolveTarget } from "./function-target.ts";
import { invalidMember, invalidParameter, notFound, unsupported } from "./lambda-errors.ts";
import type { LambdaOperations, LambdaState } from "./lambda-state.ts";
import { page } from "./pages.ts";

/** How asynchronous invocations are retried, and who hears of their end. */
export function eventInvokeOperations(state: LambdaState): LambdaOperations {
  const { core, functions } = state;
  const find = (place: Place, functionName: string | undefined, qualifier: string | undefined) => {
    const { view, version, reference } = resolveTarget(functions, place, functionName, qualifier);
    const key = reference.qualifier ?? "$LATEST";
    const arn = functionArn(place, view.record.name, key);
    return { name: view.record.name, view, key, arn, role: version.settings.role, config: view.eventInvokes.get(key) };
  };
  const missing = (arn: string) => notFound(`The function ${arn} doesn't have an EventInvokeConfig`);

  const store = (
    place: Place,
    input: FunctionEventInvokeConfig & { FunctionName?: string | undefined; Qualifier?: string | undefined },
    keep: boolean,
  ) => {
    const { name, key, role, config } = find(place, input.FunctionName, input.Qualifier);
    const before = keep ? config : undefined;
    checkRange("maximumRetryAttempts", input.MaximumRetryAttempts, 0, 2);
    checkRange("maximumEventAgeInSeconds", input.MaximumEventAgeInSeconds, 60, 21_600);
    const { OnSuccess, OnFailure } = input.DestinationConfig ?? {};
    const record: EventInvokeRecord = {
      qualifier: key,
      lastModified: core.clock.now(),
      maximumRetryAttempts: input.MaximumRetryAttempts ?? before?.maximumRetryAttempts,
      maximumEventAgeSeconds: input.MaximumEventAgeInSeconds ?? before?.maximumEventAgeSeconds,
      onSuccess: destination(
        state,
        OnSuccess?.Destination,
        input.DestinationConfig === undefined ? before?.onSuccess : undefined,
      ),
      onFailure: destination(
        state,
        OnFailure?.Destination,
        input.DestinationConfig === undefined ? before?.onFailure : undefined,
      ),
    };
    for (const target of [record.onSuccess, record.onFailure]) {
      requireDestinationPermission(core.authorizer, role, target);
    }
    functions.change(name, (changes) => changes.putEventInvoke(record));
    return toConfig(place, name, record);
  };

  return {
    PutFunctionEventInvokeConfig: (input, context) => store(context, input, false),

    UpdateFunctionEventInvokeConfig(input, context) {
      const { arn, config } = find(context, input.FunctionName, input.Qualifier);
      if (config === undefined) {
        throw missing(arn);
      }
      return store(context, input, true);
    },

    GetFunctionEventInvokeConfig(input, context) {
      const { name, arn, config } = find(context, input.FunctionName, input.Qualifier);
      if (config === undefined) {
        throw missing(arn);
      }
      return toConfig(context, name, config);
    },

    ListFunctionEventInvokeConfigs(input, context) {
      const { name, view } = find(context, input.FunctionName, undefined);
      const { items, NextMarker } = page([...view.eventInvokes.values()], ({ qualifier }) => qualifier, input);
      return {
        FunctionEventInvokeConfigs: items.map((record) => toConfig(context, name, record)),
        ...(NextMarker === undefined ? {} : { NextMarker }),
      };
    },

    DeleteFunctionEventInvokeConfig(input, context) {
      const { name, key, arn, config } = find(context, input.FunctionName, input.Qualifier);
      if (config === undefined) {
        throw missing(arn);
      }
      functions.change(name, (changes) => changes.deleteEventInvoke(key));
      return {};
    },
  };
}

function toConfig(place: Place, name: string, record: EventInvokeRecord): FunctionEventInvokeConfig {
  const { onSuccess, onFailure } = record;
  const destinations: DestinationConfig = {
    OnSuccess: onSuccess === undefined ? {} : { Destination: onSuccess },
    OnFailure: onFailure === undefined ? {} : { Destination: onFailure },
  };
  return {
    LastModified: new Date(record.lastModified),
    FunctionArn: functionArn(place, name, record.qualifier),
    ...(record.maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: record.maximumRetryAttempts }),
    ...(record.maximumEventAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: record.maximumEventAgeSeconds }),
    DestinationConfig: destinations,
  };
}

function checkRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && (!Number.isInteger(value) || value < least || value > most)) {
    throw invalidMember(member, value, `Member must have value between ${least} and ${most}, inclusive`);
  }
}

function destination(state: LambdaState, arn: string | undefined, before: string | undefined): string | undefined {
  if (arn === undefined || arn === "") {
    return before;
  }
  if (arn.startsWith("arn:aws:sns:") && state.dependencies.topics !== undefined) {
    return arn;
  }
  if (arn.startsWith("arn:aws:lambda:")) {
    return arn;
  }
  if (isQueueArn(arn) && !arn.endsWith(".fifo") && state.dependencies.queues !== undefined) {
    return arn;
  }
  if (!arn.startsWith("arn:")) {
    throw invalidParameter(`The provided destination config DestinationConfig(${arn}) is invalid.`);
  }
  throw unsupported(`the destination ${arn}: functions, SNS topics and standard SQS queues can be destinations`);
}
