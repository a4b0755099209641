import { onScopeDispose } from 'vue'

/** Milliseconds between two looks at work that is under way. */
const pace = 2000

/** Looks again and again while something is under way and the page is seen. */
export function usePoll(wanted: () => boolean, look: () => Promise<void>): void {
  let looking = false
  const timer = setInterval(() => {
    if (looking || document.hidden || !wanted()) return
    looking = true
    void look().finally(() => (looking = false))
  }, pace)
  onScopeDispose(() => clearInterval(timer))
}
