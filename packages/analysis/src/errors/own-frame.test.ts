import { expect, test } from "vitest";
import { ownFrame } from "./own-frame.ts";

test.each([
  [["    at put (file:///var/task/src/store.mjs:10:5)"], "put (store.mjs)"],
  [["    at async Promise.all (index 0)", "    at new Store (/var/task/store.js:1:2)"], "Store (store.js)"],
  [["    at Object.<anonymous> (/var/task/index.js:1:2)"], "index.js"],
  [["    at file:///var/task/index.mjs:3:1"], "index.mjs"],
  [["    at Store.put [as write] (C:\\work\\store.js:1:2)"], "Store.put (store.js)"],
  [["    at Array.map (<anonymous>)", "    at list (/tmp/code/index.js?v=1:1:2)"], "list (index.js)"],
  [["    at node:internal/main:1:1", "    at x (/var/task/node_modules/lib/index.js:1:1)"], undefined],
  [
    ['  File "/var/task/app.py", line 1, in handler', '  File "/opt/python/lib/site-packages/x.py", line 1, in y'],
    "handler (app.py)",
  ],
  [["no frame"], undefined],
  [[], undefined],
])("%j is %s", (stack, frame) => {
  expect(ownFrame(stack)).toBe(frame);
});
