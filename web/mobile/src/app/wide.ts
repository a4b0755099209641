import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Whether there is room for a detail pane beside a list; the same width as the page's `aside`. */
export function useWide(): Readonly<Ref<boolean>> {
  const query = matchMedia('(min-width: 1024px)')
  const wide = ref(query.matches)
  const follow = () => (wide.value = query.matches)
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return readonly(wide)
}
