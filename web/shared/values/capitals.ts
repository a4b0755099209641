import { minorOf } from './money'

const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['', '拾', '佰', '仟']
/** A section is what stands between 万, 亿 and 万亿. */
const sectionDigits = 4

/**
 * Writes an amount of yuan in Chinese capitals (大写): 1280.50 is 人民币壹仟贰佰捌拾元伍角整. `bare` leaves 人民币 out, for the
 * words under a field. The rules, with their source and our choices, stand in the server's `money.Capitals`; both have the same tests.
 */
export function capitals(amount: string, bare = false): string {
  const minor = minorOf({ amount, currency: 'CNY' })
  const absolute = minor < 0n ? -minor : minor
  const yuan = absolute / 100n
  const head = (bare ? '' : '人民币') + (minor < 0n ? '负' : '')
  return head + (yuan > 0n || minor === 0n ? `${writeNumber(yuan)}元` : '') + writeFen(Number(absolute % 100n), yuan > 0n)
}

/** Jiao and fen; 整 closes what has no fen. */
function writeFen(fen: number, hasYuan: boolean): string {
  const jiao = Math.floor(fen / 10)
  const rest = fen % 10
  const tens = jiao > 0 ? `${digits[jiao]}角` : ''
  if (rest === 0) return `${tens}整`
  return `${tens}${jiao === 0 && hasYuan ? '零' : ''}${digits[rest]}分`
}

/** A whole number, digit by digit from the left; a run of zeros between digits is one 零. */
function writeNumber(value: bigint): string {
  if (value === 0n) return '零'
  const figures = value.toString()
  let text = ''
  let zeros = false
  let section = false
  for (const [index, figure] of [...figures].entries()) {
    const place = figures.length - 1 - index
    if (figure === '0') zeros = true
    else {
      text += `${zeros ? '零' : ''}${digits[Number(figure)]}${places[place % sectionDigits]}`
      zeros = false
      section = true
    }
    if (place % sectionDigits !== 0) continue
    text += sectionUnit(place / sectionDigits, section, figures.length)
    section = false
  }
  return text
}

/** The unit that ends a section: 万 and 万万 only where it has a digit, 亿 once for all digits from there on. */
function sectionUnit(section: number, hasDigit: boolean, length: number): string {
  if (section === 4 && hasDigit) return '万万'
  if ((section === 3 || section === 1) && hasDigit) return '万'
  return section === 2 && length > 2 * sectionDigits ? '亿' : ''
}
