import { readonly, ref, type Ref } from 'vue'

const open = ref(false)

/** The drawer at the side: the avatar of home opens it. */
export function useDrawer(): { open: Readonly<Ref<boolean>>; show: () => void; hide: () => void } {
  return { open: readonly(open), show: () => (open.value = true), hide: () => (open.value = false) }
}
