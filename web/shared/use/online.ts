import { readonly, ref, type Ref } from 'vue'

const online = ref(true)

/** Whether the device says that it has a network. */
export function useOnline(): Readonly<Ref<boolean>> {
  return readonly(online)
}

/** Follows the network; called once when the app starts. */
export function watchOnline(): void {
  online.value = navigator.onLine
  addEventListener('online', () => (online.value = true))
  addEventListener('offline', () => (online.value = false))
}
