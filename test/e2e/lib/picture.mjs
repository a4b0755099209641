// Pictures for document and face, made here: the provider that stands in wants some that show something, and not twice the same.
import { crc32, deflateSync } from 'node:zlib'

const side = 480

/**
 * A PNG file, for setInputFiles. The same name gives the same picture.
 * @param {'front' | 'back' | 'face' | 'other-face' | 'blank'} name
 */
export function picture(name) {
  return { name: `${name}.png`, mimeType: 'image/png', buffer: png(patterns[name]) }
}

/** Brightness of a point, both from 0 to 1. */
const patterns = {
  front: (x, y) => (x < 0.35 ? 210 : y < 0.3 ? 40 : 130),
  back: (x, y) => ((x + y) % 0.4 < 0.2 ? 60 : 220),
  face: (x, y) => (Math.hypot(x - 0.5, y - 0.45) < 0.3 ? 225 : 40),
  'other-face': (x, y) => (Math.hypot(x - 0.5, y - 0.45) < 0.3 ? 40 : 225),
  blank: () => 128,
}

function png(brightness) {
  const rows = Buffer.alloc(side * (side + 1))
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) rows[y * (side + 1) + 1 + x] = brightness(x / side, y / side)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 0, 0, 0, 0], 8) // 8 bits of grey
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
