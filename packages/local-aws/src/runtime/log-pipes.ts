import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** A line longer than a log event may be is cut, as Lambda does. */
const MAX_LINE_LENGTH = 256 * 1024;

/** Reads what a function writes to its standard streams, line by line; a last line without a break counts too. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("error", () => {});
  stream.on("data", (chunk: Buffer) => {
    rest += decoder.write(chunk);
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      onLine(line);
    }
    while (rest.length > MAX_LINE_LENGTH) {
      onLine(rest.slice(0, MAX_LINE_LENGTH));
      rest = rest.slice(MAX_LINE_LENGTH);
    }
  });
  stream.on("end", () => {
    if (rest !== "") {
      onLine(rest);
    }
  });
}

/** Reads frames as the bootstrap's console writes them: four bytes of length, then one log line in UTF-8. */
export function readFrames(stream: Readable, onLine: (line: string) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  stream.on("error", () => {});
  stream.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= 4) {
      const end = at + 4 + rest.readUInt32BE(at);
      if (end > rest.length) {
        break;
      }
      onLine(rest.toString("utf8", at + 4, end));
      at = end;
    }
    rest = rest.subarray(at);
  });
}
