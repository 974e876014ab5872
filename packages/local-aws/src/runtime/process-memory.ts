import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";

/** How often running functions are measured against their memory size. */
const LINUX_INTERVAL_MS = 50;
const OTHER_INTERVAL_MS = 250;

/** A process whose memory is watched while it runs an invocation. */
export interface Watched {
  readonly pid: number;
  /** Told the resident memory in bytes. */
  onMemory(bytes: number): void;
}

/** Watches the resident memory of busy processes. Nothing runs while nothing is watched. */
export interface MemoryWatch {
  add(watched: Watched): void;
  delete(watched: Watched): void;
  close(): void;
}

/** Makes a {@link MemoryWatch}. */
export function createMemoryWatch(): MemoryWatch {
  const watched = new Set<Watched>();
  const linux = process.platform === "linux";
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const measure = () => {
    if (linux) {
      for (const one of [...watched]) {
        one.onMemory(linuxMemory(one.pid).residentBytes);
      }
    } else {
      measureWithPs([...watched]);
    }
  };
  return {
    add(one) {
      watched.add(one);
      if (timer === undefined) {
        timer = setInterval(measure, linux ? LINUX_INTERVAL_MS : OTHER_INTERVAL_MS);
        timer.unref();
      }
    },
    delete(one) {
      // The timer finds out by itself that nobody is left: an invocation costs no timer.
      watched.delete(one);
      if (watched.size === 0) {
        stop();
      }
    },
    close: stop,
  };
}

/** Peak resident memory of a process in bytes, or 0 where the system does not tell. */
export function peakMemory(pid: number): number {
  return process.platform === "linux" ? linuxMemory(pid).peakBytes : 0;
}

// https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
function linuxMemory(pid: number): { residentBytes: number; peakBytes: number } {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    // It has just ended.
    return { residentBytes: 0, peakBytes: 0 };
  }
  return { residentBytes: kilobytes(status, "VmRSS:") * 1024, peakBytes: kilobytes(status, "VmHWM:") * 1024 };
}

function kilobytes(status: string, label: string): number {
  const at = status.indexOf(label);
  return at < 0 ? 0 : Number.parseInt(status.slice(at + label.length, at + label.length + 24), 10) || 0;
}

function measureWithPs(watched: readonly Watched[]): void {
  if (watched.length === 0) {
    return;
  }
  execFile("ps", ["-o", "pid=,rss=", "-p", watched.map(({ pid }) => pid).join(",")], (_error, stdout) => {
    const resident = new Map<number, number>();
    for (const line of stdout.trim().split("\n")) {
      const [pid, kilobytesHeld] = line.trim().split(/\s+/).map(Number);
      resident.set(pid ?? 0, (kilobytesHeld ?? 0) * 1024);
    }
    for (const one of watched) {
      one.onMemory(resident.get(one.pid) ?? 0);
    }
  });
}
