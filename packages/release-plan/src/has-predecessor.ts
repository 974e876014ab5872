/** What a plan says of what ran before its release. */
export interface Predecessors {
  readonly previous: string | null;
  readonly adopts?: readonly unknown[];
}

/**
 * Whether something had the traffic before a release: an earlier release, or a version that somebody published by hand. Before any other
 * there was nothing but Terraform's placeholder, which answers nobody.
 */
export function hasPredecessor({ previous, adopts = [] }: Predecessors): boolean {
  return previous !== null || adopts.length > 0;
}
