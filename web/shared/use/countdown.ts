import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'

export type Countdown = {
  /** Whole seconds that are left; 0 when the wait is over. */
  left: ComputedRef<number>
  /** Begins a wait, in place of any other. */
  start: (seconds: number) => void
}

const tickMs = 500

/** Counts a wait down that the server told. It follows the clock, so a page that slept is right when it wakes. */
export function useCountdown(): Countdown {
  const until = ref(0)
  const now = ref(Date.now())
  const left = computed(() => Math.max(0, Math.ceil((until.value - now.value) / 1000)))
  let timer: ReturnType<typeof setInterval> | undefined

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }
  function tick(): void {
    now.value = Date.now()
    if (left.value === 0) stop()
  }
  function start(seconds: number): void {
    stop()
    now.value = Date.now()
    until.value = now.value + seconds * 1000
    if (seconds > 0) timer = setInterval(tick, tickMs)
  }

  onScopeDispose(stop)
  return { left, start }
}

/** Parts of a wait for a sentence: minutes and seconds, "12:05". */
export function clockOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`
}
