import { useRouter, type RouteLocationRaw } from 'vue-router'

/** The first of some pages that exists: a feature may name a page of another without knowing whether this bank has it. */
export function useDestination(): (...names: readonly string[]) => RouteLocationRaw | undefined {
  const router = useRouter()
  return (...names) => {
    const name = names.find((candidate) => router.hasRoute(candidate))
    return name === undefined ? undefined : { name }
  }
}
