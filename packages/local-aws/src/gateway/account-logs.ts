import type { LogSink } from "../core/ports.ts";
import { roleLogAccess } from "../runtime/log-access.ts";
import type { ApiState } from "../services/apigateway/api-state.ts";

/**
 * The logs of API stages, written with the role of the account's settings: what it may not write is lost, and without a role nothing
 * is written.
 *
 * Source: Amazon API Gateway developer guide, "Set up CloudWatch logging for REST APIs in API Gateway".
 */
export function accountLogs(state: ApiState, logs: LogSink): LogSink {
  const access = roleLogAccess(state.core);
  return {
    append(group, stream, lines, options) {
      const role = state.logRoleArn;
      if (role === undefined) {
        return;
      }
      const { write, createGroup } = access(role, group, stream);
      if (write) {
        logs.append(group, stream, lines, { createGroup: createGroup && options?.createGroup === true });
      }
    },
  };
}
