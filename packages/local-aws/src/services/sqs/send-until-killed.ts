import { openStore } from "../../store/store.ts";
import { MessageTable } from "./message-table.ts";

// A program for a test: puts numbered messages into a queue, acknowledges each, and goes on until it is killed.
const [directory = ""] = process.argv.slice(2);
const messages = new MessageTable(openStore(directory));
for (let number = 0; ; number++) {
  const now = Date.now();
  const content = { messageId: String(number), senderId: "test", attributes: {}, system: {} };
  messages.add("orders", [{ body: String(number), content, sentAt: now, visibleAt: now }]);
  process.stdout.write(`${number}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
