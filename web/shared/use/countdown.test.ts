import { afterEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { clockOf, useCountdown } from './countdown'

afterEach(() => vi.useRealTimers())

test('counts down by the clock, also after a sleep, and ends with its page', () => {
  vi.useFakeTimers()
  const scope = effectScope()
  const { left, start } = scope.run(() => useCountdown()) ?? expect.unreachable()
  expect(left.value).toBe(0)
  start(60)
  expect(left.value).toBe(60)
  vi.advanceTimersByTime(1_000)
  expect(left.value).toBe(59)
  vi.setSystemTime(Date.now() + 120_000)
  vi.advanceTimersByTime(500)
  expect(left.value).toBe(0)
  start(5)
  scope.stop()
  expect(vi.getTimerCount()).toBe(0)
})

test('a wait is written as a clock', () => expect([clockOf(5), clockOf(65), clockOf(1800)]).toEqual(['0:05', '1:05', '30:00']))
