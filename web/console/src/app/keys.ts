import { onBeforeUnmount, onMounted } from 'vue'

/** True while somebody types: then a letter is a letter. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Single keys that act while this part of the page is there and nobody types or has a dialogue open. */
export function useKeys(acts: Readonly<Record<string, () => void>>): void {
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
    const act = acts[event.key]
    if (act === undefined || [...document.querySelectorAll('[aria-modal="true"]')].some((dialog) => dialog.checkVisibility())) return
    event.preventDefault()
    act()
  }
  onMounted(() => document.addEventListener('keydown', press))
  onBeforeUnmount(() => document.removeEventListener('keydown', press))
}
