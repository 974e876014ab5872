/** How much an item can hold, and a request for a list ask for. Lengths are in Unicode code points unless they say otherwise. */
export const LIMITS = {
  name: { length: 200 },
  description: { length: 4000 },
  attributes: {
    count: 50,
    /** Begins with a lower-case letter; never a name that means something to JavaScript's objects. */
    namePattern: "^(?!constructor$|prototype$)[a-z][A-Za-z0-9_.-]{0,63}$",
    valueLength: 1000,
    /** Every number up to here that has no fraction is exact in JavaScript. */
    largestNumber: 1e15,
    /** The smallest size of a number other than 0: well inside of what DynamoDB can hold (1e-130). */
    smallestNumber: 1e-100,
  },
  /** Of an item's content as JSON, in bytes. A hundred of them fit into an answer of Lambda (6 MB). */
  content: { bytes: 32 * 1024 },
  body: {
    /** Of a request's body, in bytes. */
    bytes: 64 * 1024,
    /** Levels of nesting. */
    depth: 8,
  },
  page: { default: 20, largest: 100 },
  cursor: { length: 500 },
  idempotencyKey: {
    length: 255,
    /** How long a creation's first answer is kept, in seconds. */
    keptSeconds: 24 * 60 * 60,
  },
} as const;
