import type { TimeWindow } from "@slipway/analysis";

const DAY_MS = 86_400_000;

/** `2026-11-28T09:15Z`, with seconds where there are some: the one form of times that commands show. */
export function formatTime(moment: number): string {
  const iso = new Date(moment).toISOString();
  return moment % 60_000 === 0 ? `${iso.slice(0, 16)}Z` : `${iso.slice(0, 19)}Z`;
}

/** `09:15Z`, or `11-28T09:15Z` where a window is a day or longer: then it begins and ends at the same time, which alone says too little. */
export function formatTick(moment: number, { from, to }: TimeWindow): string {
  const iso = new Date(moment).toISOString();
  return to - from >= DAY_MS ? `${iso.slice(5, 16)}Z` : `${iso.slice(11, 16)}Z`;
}

/** How long something takes or has lasted, in its two largest units: `2 d 3 h`, `5 min`, `12 s`. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts: [amount: number, unit: string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) {
    return "0 s";
  }
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}
