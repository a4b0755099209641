import type { Locale } from '../i18n/locale'

/** What a bank that says nothing lives by. */
const usualZone = 'Asia/Shanghai'
/** The bank cuts days in one zone; the server's configuration says which (`setZone`). */
let zone = usualZone

/** Sets the bank's zone from the server's configuration. One that this browser does not know is given up when a date is written in it. */
export function setZone(name: string): void {
  if (name === zone) return
  zone = name
}

const tags: Record<Locale, string> = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-GB' }
const formats = new Map<string, Intl.DateTimeFormat>()

const styles = {
  /** 2026年11月22日 · 22 November 2026 */
  date: { dateStyle: 'long' },
  /** 11月22日 · 22 Nov */
  day: { month: 'short', day: 'numeric' },
  /** 2026年11月 · November 2026 */
  month: { year: 'numeric', month: 'long' },
  /** 08:12 */
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  /** 2026年11月22日 08:12 */
  instant: { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' },
  /** With seconds, for receipts and histories. */
  exact: { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  /** 星期日 · Sunday */
  weekday: { weekday: 'long' },
} satisfies Record<string, Intl.DateTimeFormatOptions>

export type DateStyle = keyof typeof styles

/** Formats an RFC 3339 instant or a date (2026-11-22) in the bank's zone. */
export function formatDate(value: string, style: DateStyle, locale: Locale): string {
  if (isDate(value)) return formatIn('UTC', tags[locale], styles[style]).format(new Date(`${value}T00:00:00Z`))
  return bankFormat(tags[locale], styles[style]).format(new Date(value))
}

/** The bank's calendar day (2026-11-22) of an instant; a date is its own. */
export function dayOf(value: string | Date): string {
  if (typeof value === 'string' && isDate(value)) return value
  return bankFormat('sv-SE', { dateStyle: 'short' }).format(new Date(value))
}

/** The bank's month (2026-11) of an instant. */
export function monthOf(value: string | Date): string {
  return dayOf(value).slice(0, 7)
}

/** How a list names a moment beside others: the time today, "yesterday 19:40", else day and time. */
export function relativeDay(value: string, now: Date = new Date()): 'today' | 'yesterday' | 'earlier' {
  const day = dayOf(value)
  if (day === dayOf(now)) return 'today'
  return day === shiftDay(dayOf(now), -1) ? 'yesterday' : 'earlier'
}

/** Moves a calendar day by whole days. */
export function shiftDay(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + days)
  return moved.toISOString().slice(0, 10)
}

/** The hour of the day at the bank, 0 to 23; a greeting needs it. */
export function hourNow(now: Date = new Date()): number {
  return Number(bankFormat('en-GB', { hour: '2-digit', hourCycle: 'h23' }).format(now))
}

function bankFormat(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return formatIn(zone, tag, options)
  } catch {
    zone = usualZone
    return formatIn(zone, tag, options)
  }
}

/** Each format is made once, when it is first needed: making the first costs a phone a tenth of a second. */
function formatIn(timeZone: string, tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${tag} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(tag, { ...options, timeZone })
    formats.set(key, format)
  }
  return format
}

function isDate(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(value)
}
