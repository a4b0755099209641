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
