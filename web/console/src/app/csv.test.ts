import { expect, test } from 'vitest'
import { csvOf } from './csv'

test('a table is written so that every spreadsheet reads it, and none runs it', () => {
  expect(csvOf(['科目', 'Amount'], [['a,b', '-12.50'], ['say "no"', '1\n2'], ['=1+1', '@x'], ['-x', '+1']])).toBe(
    '\uFEFF科目,Amount\r\n"a,b",-12.50\r\n"say ""no""","1\n2"\r\n\'=1+1,\'@x\r\n\'-x,\'+1\r\n',
  )
})
