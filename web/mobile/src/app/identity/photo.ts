import { ownProblem, ProblemError } from '@shared/api/problem'

/** A photograph as it goes to the bank: a JPEG in base64, and the picture itself for the preview. */
export type Photo = { image: string; picture: HTMLCanvasElement }

/** Longest side of what is sent: enough to read a document, little enough for a slow network. */
const sideMost = 2000
const quality = 0.86

/** Reads a picture, turns it upright, makes it smaller and forgets where it was taken. Throws `client.photo_unreadable`. */
export async function readPhoto(file: Blob): Promise<Photo> {
  const picture = document.createElement('canvas')
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const { width, height } = fit(bitmap.width, bitmap.height, sideMost)
    Object.assign(picture, { width, height })
    picture.getContext('2d')?.drawImage(bitmap, 0, 0, width, height)
    bitmap.close()
    return { image: await base64(await jpeg(picture)), picture }
  } catch {
    throw new ProblemError(ownProblem('client.photo_unreadable'))
  }
}

/** The size of a picture whose longest side is at most so long; a smaller one stays as it is. */
export function fit(width: number, height: number, most: number): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

function jpeg(picture: HTMLCanvasElement): Promise<Blob> {
  return new Promise((done, fail) => picture.toBlob((blob) => (blob === null ? fail(new Error('no picture')) : done(blob)), 'image/jpeg', quality))
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  // In parts: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}
