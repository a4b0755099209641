export { saveFile } from '@shared/use/save-file'

/** Hands words and an address to the system's share sheet, or copies them where there is none. */
export async function share(what: { title: string; text?: string; url: string }): Promise<'shared' | 'copied' | 'cancelled'> {
  if (typeof navigator.share === 'function') {
    try {
      await navigator.share(what)
      return 'shared'
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'AbortError') return 'cancelled'
    }
  }
  await navigator.clipboard.writeText(what.url)
  return 'copied'
}
