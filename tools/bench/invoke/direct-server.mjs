// The hello function in a server of its own, without any AWS in front of it: what calling the handler's process directly
// costs. Node's own HTTP server on kept connections; the event has the one field that the handler reads.
//
//     node direct-server.mjs PORT

import { createServer } from "node:http";
import process from "node:process";
import { handler } from "./hello/index.mjs";

const server = createServer(async (request, response) => {
  const { statusCode, headers, body } = await handler({ path: request.url });
  response.writeHead(statusCode, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
});
// The other side has its turns in between: a connection that was closed meanwhile would be measured as a slow request.
server.keepAliveTimeout = 0;
server.listen(Number(process.argv[2]), "127.0.0.1");
