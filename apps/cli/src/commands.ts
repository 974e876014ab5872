import type { Command } from "./command.ts";
import { alarms } from "./commands/alarms.ts";
import { approve } from "./commands/approve.ts";
import { backup } from "./commands/backup.ts";
import { checklist } from "./commands/checklist.ts";
import { completion } from "./commands/completion.ts";
import { costs } from "./commands/costs.ts";
import { dashboard } from "./commands/dashboard.ts";
import { deploy } from "./commands/deploy.ts";
import { destroy } from "./commands/destroy.ts";
import { doctor } from "./commands/doctor.ts";
import { drill } from "./commands/drill.ts";
import { emptyBuckets } from "./commands/empty-buckets.ts";
import { gameday } from "./commands/gameday.ts";
import { history } from "./commands/history.ts";
import { incidentAck } from "./commands/incident-ack.ts";
import { incidentClassify } from "./commands/incident-classify.ts";
import { incidentClose } from "./commands/incident-close.ts";
import { incidentDetect } from "./commands/incident-detect.ts";
import { incidentInvestigate } from "./commands/incident-investigate.ts";
import { incidentList } from "./commands/incident-list.ts";
import { incidentMitigate } from "./commands/incident-mitigate.ts";
import { incidentNote } from "./commands/incident-note.ts";
import { incidentOpen } from "./commands/incident-open.ts";
import { incidentPostmortem } from "./commands/incident-postmortem.ts";
import { incidentResolve } from "./commands/incident-resolve.ts";
import { incidentRole } from "./commands/incident-role.ts";
import { incidentShow } from "./commands/incident-show.ts";
import { incidentStats } from "./commands/incident-stats.ts";
import { incidentUpdate } from "./commands/incident-update.ts";
import { init } from "./commands/init.ts";
import { insights } from "./commands/insights.ts";
import { ledgerReconcile } from "./commands/ledger-reconcile.ts";
import { ledgerVerify } from "./commands/ledger-verify.ts";
import { localAccess } from "./commands/local-access.ts";
import { localAlarmDrill } from "./commands/local-alarm-drill.ts";
import { localClock } from "./commands/local-clock.ts";
import { localCoverage } from "./commands/local-coverage.ts";
import { localEnv } from "./commands/local-env.ts";
import { localFaults } from "./commands/local-faults.ts";
import { localRequests } from "./commands/local-requests.ts";
import { localReset } from "./commands/local-reset.ts";
import { localSnapshot } from "./commands/local-snapshot.ts";
import { localStart } from "./commands/local-start.ts";
import { localStatus } from "./commands/local-status.ts";
import { localStop } from "./commands/local-stop.ts";
import { localToken } from "./commands/local-token.ts";
import { localTraffic } from "./commands/local-traffic.ts";
import { logs } from "./commands/logs.ts";
import { manual } from "./commands/manual.ts";
import { metrics } from "./commands/metrics.ts";
import { migrate } from "./commands/migrate.ts";
import { note } from "./commands/note.ts";
import { orphans } from "./commands/orphans.ts";
import { plan } from "./commands/plan.ts";
import { rehearse } from "./commands/rehearse.ts";
import { resume } from "./commands/resume.ts";
import { rollback } from "./commands/rollback.ts";
import { seed } from "./commands/seed.ts";
import { show } from "./commands/show.ts";
import { smoke } from "./commands/smoke.ts";
import { stateBackup } from "./commands/state-backup.ts";
import { stateList } from "./commands/state-list.ts";
import { stateRestore } from "./commands/state-restore.ts";
import { status } from "./commands/status.ts";
import { unlock } from "./commands/unlock.ts";
import { validate } from "./commands/validate.ts";
import { watch } from "./commands/watch.ts";

/** Everything that can be typed after `slipway`. */
export const commands: readonly Command[] = [
  deploy,
  resume,
  rollback,
  rehearse,
  status,
  history,
  show,
  note,
  unlock,
  incidentDetect,
  incidentOpen,
  incidentList,
  incidentShow,
  incidentAck,
  incidentClassify,
  incidentInvestigate,
  incidentMitigate,
  incidentRole,
  incidentNote,
  incidentUpdate,
  incidentResolve,
  incidentClose,
  incidentPostmortem,
  incidentStats,
  ledgerVerify,
  ledgerReconcile,
  backup,
  stateList,
  stateBackup,
  stateRestore,
  plan,
  approve,
  checklist,
  drill,
  gameday,
  watch,
  smoke,
  orphans,
  costs,
  metrics,
  alarms,
  dashboard,
  validate,
  logs,
  insights,
  migrate,
  seed,
  emptyBuckets,
  destroy,
  init,
  doctor as Command,
  completion,
  manual,
  localStart,
  localStop,
  localStatus,
  localEnv,
  localReset,
  localSnapshot,
  localCoverage,
  localFaults,
  localClock,
  localTraffic,
  localAlarmDrill,
  localRequests,
  localToken,
  localAccess,
];
