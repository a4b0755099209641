// Newcomers, and what people do on several pages: registering, verifying, signing in, proving that it is them.
import { must } from './api.mjs'
import { oneTimeCode } from './inbox.mjs'
import { picture } from './picture.mjs'

let count = 0

/** Somebody who is no customer yet: a phone number and an ID number of their own. */
export function newcomer() {
  count++
  const serial = String(100 + (count % 800)).padStart(3, '0')
  const day = String(1 + (count % 28)).padStart(2, '0')
  return {
    phone: `1371${String(process.pid % 1000).padStart(3, '0')}${String(count).padStart(4, '0')}`,
    password: `quiet-harbour-${count}-Lamp`,
    pin: '258036',
    name: '林晓舟',
    idNumber: withCheckDigit(`1101051987${String(1 + (process.pid % 12)).padStart(2, '0')}${day}${serial}`),
  }
}

/** The last character of an ID number (GB 11643). */
export function withCheckDigit(digits) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  return digits + '10X98765432'[sum % 11]
}

/** Types a one-time code into its boxes. */
export async function typeCode(scope, code) {
  await scope.locator('input[autocomplete="one-time-code"]').fill(code)
}

/** Types a PIN on the pad of the page or sheet, as with a keyboard. */
export async function typePin(scope, digits) {
  await scope.locator('.pin-pad input').fill(digits)
}

/** Taps a PIN on the pad, digit by digit: slower, and what people do on a phone. */
export async function tapPin(scope, digits) {
  for (const digit of digits) await scope.getByRole('button', { name: digit, exact: true }).click()
}

/**
 * Makes somebody a customer without the screens: with password and PIN, and verified by number, document and face when
 * that is wanted. The context has the session then.
 * @param {import('playwright-core').BrowserContext} context
 */
export async function become(context, bank, person, { verified = false } = {}) {
  const { challengeId } = await must(context, 'POST', '/codes', { data: { purpose: 'register', phone: `+86${person.phone}` } })
  const { consents } = await must(context, 'GET', '/config')
  const agreed = consents.filter(({ necessary, separate }) => necessary && !separate).map(({ purpose, version }) => ({ purpose, version, given: true }))
  await must(context, 'POST', '/registrations', { data: { challengeId, code: await oneTimeCode(bank, person.phone), password: person.password, consents: agreed, locale: 'zh-Hans' } })
  const { proof } = await must(context, 'POST', '/step-ups', { data: { purpose: 'pin.change', method: 'password', password: person.password } })
  await must(context, 'POST', '/pin', { data: { pin: person.pin }, headers: { 'x-tongbao-proof': proof } })
  if (!verified) return
  const image = name => picture(name).buffer.toString('base64')
  await must(context, 'POST', '/verification', { data: { name: person.name, idNumber: person.idNumber } })
  for (const side of ['front', 'back']) await must(context, 'POST', '/verification/documents', { data: { side, image: image(side) } })
  const faces = (await must(context, 'GET', '/consents')).items.find(({ purpose }) => purpose === 'biometrics')
  await must(context, 'PUT', '/consents', { data: { choices: [{ purpose: 'biometrics', version: faces.version, given: true }] } })
  await must(context, 'POST', '/verification/face', { data: { image: image('face') } })
  let progress = await must(context, 'POST', '/verification/submit')
  for (let tries = 0; tries < verifiedTries && progress.state !== 'passed'; tries++) {
    await new Promise(done => setTimeout(done, pauseMilliseconds))
    progress = await must(context, 'GET', '/verification')
  }
  if (progress.state !== 'passed') throw new Error(`${person.phone} is not verified: ${JSON.stringify(progress)}`)
}

const verifiedTries = 100
const pauseMilliseconds = 100

/** Becomes a customer, through every screen, up to where verification is offered. */
export async function register(page, bank, person) {
  await page.goto('/register')
  await page.getByLabel('手机号', { exact: true }).last().fill(person.phone)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.locator('input[autocomplete="one-time-code"]').waitFor()
  await typeCode(page, await oneTimeCode(bank, person.phone))
  await page.getByLabel('新的登录密码').fill(person.password)
  await page.getByRole('button', { name: '下一步' }).click()
  for (const name of ['用户服务协议', '个人信息保护政策']) await page.getByRole('switch', { name }).click()
  await page.getByRole('button', { name: '同意并开通' }).click()
  await page.getByRole('heading', { name: '设置支付密码' }).waitFor()
  await tapPin(page, person.pin)
  await page.getByText('再输一次').first().waitFor()
  await tapPin(page, person.pin)
  await page.getByRole('heading', { name: '开通好了' }).waitFor()
}

/** Verifies a customer by number, document and face. */
export async function verify(page, person) {
  await page.goto('/verification')
  await page.getByRole('button', { name: '开始核验' }).click()
  await page.getByLabel('姓名').fill(person.name)
  await page.getByLabel('身份证号').fill(person.idNumber)
  await page.getByRole('button', { name: '下一步' }).click()
  await photograph(page, '人像面', picture('front'))
  await photograph(page, '国徽面', picture('back'))
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '单独同意并继续' }).click()
  await photograph(page, '正脸照片', picture('face'))
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '提交核验' }).click()
  await page.getByRole('heading', { name: '核验通过' }).waitFor({ timeout: 30_000 })
}

/** Chooses a picture where one is asked for, and waits until the bank has it. */
export async function photograph(page, label, file) {
  const group = page.getByRole('group', { name: label })
  await group.locator('input[type="file"]').last().setInputFiles(file)
  await group.getByRole('img').waitFor()
  await group.locator('.veil').waitFor({ state: 'detached' })
}

/** Signs in by password; on a new device with the code that the bank sends. */
export async function signIn(page, bank, person) {
  await page.goto('/sign-in')
  await page.getByLabel('手机号或邮箱').fill(person.phone)
  await page.getByLabel('密码', { exact: true }).last().fill(person.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('heading', { name: '这是一台新设备' }).waitFor()
  await typeCode(page, await oneTimeCode(bank, person.phone))
  await page.waitForURL(url => url.pathname !== '/sign-in')
}

/** Proves with password and code, in the sheet that asks for it. */
export async function prove(page, bank, person) {
  const sheet = page.getByRole('dialog', { name: '确认是你本人' })
  await sheet.getByLabel('登录密码').fill(person.password)
  await sheet.getByRole('button', { name: '下一步' }).click()
  await sheet.locator('input[autocomplete="one-time-code"]').waitFor()
  await typeCode(sheet, await oneTimeCode(bank, person.phone))
  await sheet.waitFor({ state: 'detached' })
}
