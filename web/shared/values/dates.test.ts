import { afterEach, expect, test } from 'vitest'
import { dayOf, formatDate, hourNow, monthOf, relativeDay, setZone, shiftDay } from './dates'

afterEach(() => setZone('Asia/Shanghai'))

test('cuts days in the bank’s zone, not in the phone’s', () => {
  expect(dayOf('2026-11-21T16:30:00Z')).toBe('2026-11-22')
  expect(monthOf('2026-11-30T16:00:00Z')).toBe('2026-12')
  setZone('Europe/Berlin')
  expect(dayOf('2026-11-21T16:30:00Z')).toBe('2026-11-21')
})

test('keeps its zone when the server names one that this browser does not know', () => {
  setZone('Mars/Olympus')
  expect(dayOf('2026-11-21T16:30:00Z')).toBe('2026-11-22')
})

test('writes moments and days in each language', () => {
  expect(formatDate('2026-11-22', 'date', 'zh-Hans')).toBe('2026年11月22日')
  expect(formatDate('2026-11-22', 'date', 'en')).toBe('22 November 2026')
  expect(formatDate('2026-11-22T00:12:00Z', 'time', 'zh-Hant')).toBe('08:12')
})

test('a date without a time is the same day everywhere', () => {
  setZone('America/Los_Angeles')
  expect(formatDate('2026-11-22', 'date', 'en')).toBe('22 November 2026')
  expect(dayOf('2026-11-22')).toBe('2026-11-22')
})

test('names today and yesterday by the bank’s midnight', () => {
  const now = new Date('2026-11-22T02:00:00Z') // 10:00 in Shanghai
  expect(relativeDay('2026-11-21T16:00:00Z', now)).toBe('today')
  expect(relativeDay('2026-11-21T15:59:59Z', now)).toBe('yesterday')
  expect(relativeDay('2026-11-20T15:59:59Z', now)).toBe('earlier')
  expect(hourNow(now)).toBe(10)
})

test('moves days over months and leap years', () => {
  expect(shiftDay('2026-03-01', -1)).toBe('2026-02-28')
  expect(shiftDay('2028-02-28', 1)).toBe('2028-02-29')
})
