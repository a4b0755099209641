// Before the first paint: the colour scheme, type size and language that a person chose (shared/use/prefs.ts keeps them).
try {
  const prefs = JSON.parse(localStorage.getItem('tongbao.prefs') ?? '{}')
  const html = document.documentElement
  if (prefs.theme === 'light' || prefs.theme === 'dark') html.dataset.theme = prefs.theme
  if (prefs.type === 'large') html.dataset.type = 'large'
  if (prefs.gains === 'green') html.dataset.gains = 'green'
  if (['zh-Hans', 'zh-Hant', 'en'].includes(prefs.locale)) html.lang = prefs.locale
} catch {
  // No storage: the system's choices stand.
}
