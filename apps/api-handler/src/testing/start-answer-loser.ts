import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface AnswerLoser extends AsyncDisposable {
  endpoint: string;
  /** How many answers to lose from now on, of calls of `operation`. */
  lose(operation: string, count: number): void;
}

/** A proxy in front of DynamoDB for the cruel fault: the call is done, but its answer never arrives. */
export async function startAnswerLoser(port: number): Promise<AnswerLoser> {
  let left = 0;
  let target = "";
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const forwarded = request({ port, host: "127.0.0.1", method, headers, path: url }, (answer) => {
      if (left > 0 && headers["x-amz-target"] === target) {
        left -= 1;
        answer.resume().on("end", () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose: (operation, count) => {
      target = `DynamoDB_20120810.${operation}`;
      left = count;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
