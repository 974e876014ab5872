// The least that a server can do with the same requests and still keep what they carry: it reads the body, parses it, and writes
// a row for each data point or log event into SQLite, one transaction a request, with the settings of local AWS's store. No
// signature, no validation, no series, no distribution, no query.
//
//     node bare-server.mjs PORT FILE

import { createServer } from "node:http";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";

const [port, file] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.exec(`
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  CREATE TABLE points (name TEXT NOT NULL, dimensions TEXT NOT NULL, unit TEXT NOT NULL, time REAL NOT NULL, value REAL NOT NULL);
  CREATE TABLE events (stream TEXT NOT NULL, time INTEGER NOT NULL, message TEXT NOT NULL);
`);
const insertPoint = database.prepare("INSERT INTO points (name, dimensions, unit, time, value) VALUES (?, ?, ?, ?, ?)");
const insertEvent = database.prepare("INSERT INTO events (stream, time, message) VALUES (?, ?, ?)");

function keep({ MetricData = [], logEvents = [], logStreamName }) {
  database.exec("BEGIN");
  for (const { MetricName, Dimensions, Unit, Timestamp, Value } of MetricData) {
    insertPoint.run(MetricName, JSON.stringify(Dimensions), Unit, Timestamp, Value);
  }
  for (const { timestamp, message } of logEvents) {
    insertEvent.run(logStreamName, timestamp, message);
  }
  database.exec("COMMIT");
}

const server = createServer(async (request, response) => {
  if (request.method === "POST") {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const sent = Buffer.concat(chunks);
    keep(JSON.parse((request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent).toString()));
  }
  response.writeHead(200, { "content-type": "application/json", "content-length": 2 }).end("{}");
});
server.keepAliveTimeout = 0;
server.listen(Number(port), "127.0.0.1");
