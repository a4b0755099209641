/** Gives a file that the bank made to the person, under a name of ours. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), keptMs)
}

/** How long the browser may take to begin reading the file. */
const keptMs = 60_000

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
