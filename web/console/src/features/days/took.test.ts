import { expect, test } from 'vitest'
import { share, took } from './took'

test('a span of time is short to read', () => {
  const from = '2026-11-30T00:00:00Z'
  const later = (ms: number) => new Date(Date.parse(from) + ms).toISOString()
  expect([undefined, 400, 12_000, 185_000, 7_800_000].map((ms) => (ms === undefined ? took(undefined, undefined) : took(from, later(ms))))).toEqual(['', '0.4 s', '12 s', '3 min 5 s', '2 h 10 min'])
  expect(took(from, undefined, Date.parse(from) + 5000)).toBe('5.0 s')
})

test('a step is done when it says so, and never before', () => {
  expect([share(5, 10, 'running'), share(12, 10, 'running'), share(3, 0, 'running'), share(0, 10, 'done')]).toEqual([50, 99, undefined, 100])
})
