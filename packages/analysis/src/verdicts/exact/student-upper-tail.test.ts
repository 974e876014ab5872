import { expect, test } from "vitest";
import { studentUpperTail } from "./student-upper-tail.ts";

// The tables of every textbook.
test.each([
  [6.3138, 1, 0.05],
  [12.7062, 1, 0.025],
  [4.3027, 2, 0.025],
  [3.1824, 3, 0.025],
  [4.6041, 4, 0.005],
  [2.2281, 10, 0.025],
  [2.7638, 10, 0.01],
  [2.0423, 30, 0.025],
  [1.984, 100, 0.025],
  [0, 7, 0.5],
  [-2.2281, 10, 0.975],
])("t of %d with %d degrees of freedom is passed with a probability of %d", (t, degrees, probability) => {
  expect(studentUpperTail(t, degrees)).toBeCloseTo(probability, 5);
});
