import { expect, test } from 'vitest'
import { isContact } from './contact'
import { cleanIdNumber, groupIdNumber, idNumberError } from './id-number'
import { judgePassword } from './password-rules'
import { fit } from './photo'
import { isWeakPin } from './pin-rules'

const broken = (password: string, own: readonly string[] = []) => judgePassword(password, own).filter(({ holds }) => !holds).map(({ rule }) => rule)

test.each([
  ['short1', [], ['length']],
  ['abcdefgh', [], ['mixed']],
  ['abcdef12345', [], ['mixed']],
  ['aaaa1111', [], ['mixed']],
  ['quiet-harbour', [], []],
  ['manyquietharbours', [], []],
  ['x13800138000y', ['+8613800138000'], ['personal']],
  ['xiaozhou-77', ['xiaozhou@example.org'], ['personal']],
] as const)('the password %s, of who has %j, breaks %j', (password, own, rules) => {
  expect(broken(password, own)).toEqual(rules)
})

test.each(['111111', '123456', '987654', '246802', '890123', '121212', '123123'])('%s is a weak PIN', (pin) => expect(isWeakPin(pin)).toBe(true))
test.each(['258036', '739152'])('%s is not', (pin) => expect(isWeakPin(pin)).toBe(false))

test.each([
  ['110101199003070070', undefined],
  ['110101199003070071', 'check'],
  ['110101199013070070', 'birth'],
  ['110101299003070070', 'birth'],
  ['1101011990', 'form'],
  ['', 'empty'],
])('the ID number %s: %s', (number, error) => expect(idNumberError(number)).toBe(error))

test('an ID number is cleaned and grouped as people compare it', () => {
  expect(cleanIdNumber(' 11010119900307007x9')).toBe('11010119900307007X')
  expect(groupIdNumber('11010119900307007X')).toBe('110101 1990 0307 007X')
})

test.each([
  ['phone', '+8613800138000', true],
  ['phone', '+8612345', false],
  ['phone', '+85291234567', true],
  ['email', 'li@example.org', true],
  ['email', 'li@example', false],
] as const)('%s %s is a contact: %s', (kind, value, is) => expect(isContact(kind, value)).toBe(is))

test('pictures become smaller, never larger', () => {
  expect(fit(4000, 3000, 2000)).toEqual({ width: 2000, height: 1500 })
  expect(fit(640, 480, 2000)).toEqual({ width: 640, height: 480 })
})
