// Who has lost something, and how he says who he is.
import { become, newcomer } from './people.mjs'

const people = new Map()

/** A verified customer for each size, made once; later tests find them as earlier ones left them. */
export async function customer(browser, bank, viewport) {
  if (!people.has(viewport)) {
    const context = await browser.newContext({ baseURL: bank.mobile })
    const person = newcomer()
    await become(context, bank, person, { verified: true })
    people.set(viewport, { ...person, cookies: await context.cookies() })
    await context.close()
  }
  return people.get(viewport)
}

export async function identify(page, { name, idNumber }) {
  await page.getByLabel('姓名').fill(name)
  await page.getByLabel('身份证号').fill(idNumber)
  await page.getByRole('button', { name: '下一步' }).click()
}
