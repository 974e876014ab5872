import { type DocumentValue, ExactNumber } from "@slipway/contracts";

/** Whether two attributes' values are the same to DynamoDB: sets have no order, and numbers are compared by value. */
export function sameValue(left: DocumentValue | undefined, right: DocumentValue | undefined): boolean {
  if (left === right) {
    return true;
  }
  if (left instanceof ExactNumber || right instanceof ExactNumber) {
    return left instanceof ExactNumber && right instanceof ExactNumber && left.text === right.text;
  }
  if (left instanceof Uint8Array || right instanceof Uint8Array) {
    return left instanceof Uint8Array && right instanceof Uint8Array && Buffer.compare(left, right) === 0;
  }
  if (left instanceof Set || right instanceof Set) {
    return left instanceof Set && right instanceof Set && sameMembers(left, right);
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return false;
  }
  if (Array.isArray(left) !== Array.isArray(right)) {
    return false;
  }
  const [ours, theirs] = [left, right] as [Record<string, DocumentValue>, Record<string, DocumentValue>];
  const names = Object.keys(ours);
  return (
    names.length === Object.keys(theirs).length &&
    names.every((name) => Object.hasOwn(theirs, name) && sameValue(ours[name], theirs[name]))
  );
}

function sameMembers(left: ReadonlySet<DocumentValue>, right: ReadonlySet<DocumentValue>): boolean {
  return left.size === right.size && [...left].every((member) => [...right].some((other) => sameValue(member, other)));
}
