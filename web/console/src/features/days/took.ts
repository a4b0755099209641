const second = 1000
const minute = 60 * second
const minutesInHour = 60

/** How long something took, short enough for a table: 0.4 s, 12 s, 3 min 5 s, 2 h 10 min. Nothing when it has not begun. */
export function took(from: string | undefined, to: string | undefined, now: number = Date.now()): string {
  if (from === undefined) return ''
  const ms = Math.max(0, (to === undefined ? now : Date.parse(to)) - Date.parse(from))
  if (ms < 10 * second) return `${(ms / second).toFixed(1)} s`
  const minutes = Math.floor(ms / minute)
  if (minutes === 0) return `${Math.floor(ms / second)} s`
  if (minutes < minutesInHour) return `${minutes} min ${Math.floor((ms % minute) / second)} s`
  return `${Math.floor(minutes / minutesInHour)} h ${minutes % minutesInHour} min`
}

/** How far a step has come, in per cent of what it did on the day before; nothing when that is not known. */
export function share(done: number, usual: number, state: string): number | undefined {
  if (state === 'done') return 100
  if (usual <= 0) return undefined
  return Math.min(99, Math.floor((done * 100) / usual))
}
