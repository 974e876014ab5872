import { decideRollback, releases } from "@slipway/release-engine";
import { rollBackCode } from "./code.ts";
import { assertCommitCanBePlanned } from "./earlier-place.ts";
import type { PartRollback } from "./part-rollback.ts";

/**
 * Brings the infrastructure back to what an earlier release had: its commit is planned in a worktree, gated, approved, applied and
 * validated, and the code that runs is published under the configuration that is there again. Before anything is begun it is looked whether
 * that commit can be had.
 */
export const rollBackInfrastructure: PartRollback = async (session, request, io) => {
  const { open, target } = session;
  const { name, to } = request;
  const decision = decideRollback({
    ...{ environment: name, records: releases(await open.ledger.read(io.signal)), flags: target.flags },
    parts: ["infrastructure"],
    ...(to !== undefined && { to }),
  });
  if (decision.way === "release") {
    const { env, signal } = io;
    const place = { repository: open.repository, env, signal, environment: name };
    await assertCommitCanBePlanned(place, decision.plan.source, decision.to.id);
  }
  return await rollBackCode(session, { ...request, part: "infrastructure" }, io);
};
