/** Numbers of Linux on x86 and ARM: the host may be another system. */
const signals: Record<string, number> = {
  ...{ HUP: 1, INT: 2, QUIT: 3, ABRT: 6, KILL: 9, USR1: 10, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15 },
  ...{ STOP: 19, TSTP: 20, WINCH: 28, PWR: 30 },
};
const [firstRealTime, lastRealTime] = [34, 64];

/** An image's STOPSIGNAL as a number: a name with or without SIG, RTMIN+n, RTMAX-n, or the number itself; SIGTERM when it is none. */
export function signalNumber(name: string): number {
  const [, base, offset = 0] = /^(?:SIG)?(RTMIN|RTMAX)([+-]\d+)?$/.exec(name) ?? [];
  if (base) return (base === 'RTMIN' ? firstRealTime : lastRealTime) + Number(offset);
  return signals[name.replace(/^SIG/, '')] ?? (/^\d+$/.test(name) ? Number(name) : signals.TERM!);
}
