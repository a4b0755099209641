import { expect, test } from 'vitest'
import { capitals } from './capitals'

// The same cases as the server's money.TestCapitals: a check sheet and its receipt must say the same.
test.each([
  ['1409.50', '人民币壹仟肆佰零玖元伍角整'],
  ['6007.14', '人民币陆仟零柒元壹角肆分'],
  ['1680.32', '人民币壹仟陆佰捌拾元叁角贰分'],
  ['107000.53', '人民币壹拾万零柒仟元伍角叁分'],
  ['16409.02', '人民币壹万陆仟肆佰零玖元零贰分'],
  ['325.04', '人民币叁佰贰拾伍元零肆分'],
  ['1280.50', '人民币壹仟贰佰捌拾元伍角整'],
  ['0', '人民币零元整'],
  ['0.01', '人民币壹分'],
  ['0.10', '人民币壹角整'],
  ['0.11', '人民币壹角壹分'],
  ['-0.05', '人民币负伍分'],
  ['-10', '人民币负壹拾元整'],
  ['10', '人民币壹拾元整'],
  ['10000', '人民币壹万元整'],
  ['10001', '人民币壹万零壹元整'],
  ['100000000', '人民币壹亿元整'],
  ['100000001', '人民币壹亿零壹元整'],
  ['100010000', '人民币壹亿零壹万元整'],
  ['110000000', '人民币壹亿壹仟万元整'],
  ['1050000000', '人民币壹拾亿零伍仟万元整'],
  ['1000000000000', '人民币壹万亿元整'],
  ['1200000000000', '人民币壹万贰仟亿元整'],
  ['1000000010000', '人民币壹万亿零壹万元整'],
  ['10000000000000000', '人民币壹万万亿元整'],
  ['10000000000000001', '人民币壹万万亿零壹元整'],
  ['10001000000000000', '人民币壹万万零壹万亿元整'],
  ['92233720368547758.07', '人民币玖万万贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分'],
])('writes %s as %s', (amount, want) => {
  expect(capitals(amount)).toBe(want)
})

test('leaves the currency out under a field', () => {
  expect(capitals('1280.50', true)).toBe('壹仟贰佰捌拾元伍角整')
})

test('never reads a zero twice, and closes all that has no fen', () => {
  for (let minor = 0; minor < 3_000_000; minor += 997) {
    const text = capitals(`${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`)
    expect(text).not.toContain('零零')
    expect(text.endsWith('分')).toBe(minor % 10 !== 0)
    expect(text.endsWith('整')).toBe(minor % 10 === 0)
  }
})
