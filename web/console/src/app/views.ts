import { shallowRef, type ShallowRef } from 'vue'

/** A way of looking at a table that somebody keeps on this device: the filters of the address, under a name. */
export type View = { name: string; query: Readonly<Record<string, string>> }

const most = 20
const nameMost = 40

/** The kept views of a table; the newest last. */
export function useViews(table: string): { views: Readonly<ShallowRef<readonly View[]>>; keep: (name: string, query: View['query']) => void; forget: (name: string) => void } {
  const key = `tongbao.views.${table}`
  const views = shallowRef<readonly View[]>(read(key))

  function put(next: readonly View[]): void {
    views.value = next.slice(-most)
    try {
      localStorage.setItem(key, JSON.stringify(views.value))
    } catch {
      // Storage is full or forbidden: the views last as long as the page.
    }
  }
  return {
    views,
    keep: (name, query) => {
      const called = name.trim().slice(0, nameMost)
      if (called !== '') put([...views.value.filter((one) => one.name !== called), { name: called, query }])
    },
    forget: (name) => put(views.value.filter((one) => one.name !== name)),
  }
}

function read(key: string): readonly View[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(value) ? value.filter(isView) : []
  } catch {
    return []
  }
}

function isView(value: unknown): value is View {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('query' in value)) return false
  const { name, query } = value
  return typeof name === 'string' && typeof query === 'object' && query !== null && Object.values(query).every((one) => typeof one === 'string')
}
