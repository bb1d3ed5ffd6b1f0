/** Keys for reviewers. Everything they do can be done with the buttons too; nothing here is needed. */

const cards = () => [...document.querySelectorAll('[data-card]')]
const current = () => document.querySelector('[data-card].current')
const isOn = () => document.body.dataset.keys === 'on'

/** A verdict pressed twice must not fall on the next passage, which nobody has read yet. */
const PAUSE_MS = 350
let pausedUntil = Date.now() + PAUSE_MS

function choose(card, { scroll = true } = {}) {
  if (!card) return
  current()?.classList.remove('current')
  card.classList.add('current')
  card.focus({ preventScroll: true })
  if (scroll) card.scrollIntoView({ block: 'nearest' })
}

function step(by) {
  const all = cards().filter(card => !('decided' in card.dataset))
  if (all.length === 0) return
  const at = all.indexOf(current())
  choose(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))])
}

/** The covers of the current card, and those in the text that belong to it; without a card, all. */
function covers() {
  const card = current()
  if (!card) return [...document.querySelectorAll('details[data-cover]')]
  const inText = [...document.querySelectorAll('details[data-of]')].filter(one =>
    one.dataset.of.split(' ').includes(card.id),
  )
  return [...card.querySelectorAll('details[data-cover]'), ...inText]
}

function reveal() {
  const all = covers()
  const open = all.some(one => !one.open)
  for (const one of all) one.open = open
  const inText = all.find(one => 'of' in one.dataset)
  if (open) inText?.scrollIntoView({ block: 'center' })
}

function press(key, within = current()) {
  const button = within?.querySelector(`[data-key="${key}"]`)
  if (!button) return false
  button.click()
  return true
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  v: reveal,
  u: () => press('u', document),
  n: () => current()?.querySelector('[data-note]')?.focus(),
  s: () => current()?.querySelector('[data-second]')?.click(),
  o: () => press('o', document),
  '/': () =>
    (document.querySelector('[data-search-main]') ?? document.querySelector('[data-search]'))?.focus(),
  '?': () => document.getElementById('keys')?.showModal(),
  Enter: () => press('Enter'),
}

/** The key by its letter; on layouts with other letters by its place on the keyboard. */
function nameOf(event) {
  const { key, code } = event
  if (key === 'Enter' || key === '?' || key === '/') return key
  if (/^[a-z]$/i.test(key)) return key.toLowerCase()
  const place = /^Key([A-Z])$/.exec(code)
  if (place) return place[1].toLowerCase()
  return /^(?:Digit|Numpad)([1-6])$/.exec(code)?.[1] ?? (/^[1-6]$/.test(key) ? key : undefined)
}

function isTyping({ target }) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

document.addEventListener('keydown', event => {
  if (!isOn() || event.ctrlKey || event.altKey || event.metaKey || event.repeat || isTyping(event)) return
  if (document.querySelector('dialog[open]')) return
  const name = nameOf(event)
  if (name === undefined) return
  // Enter on a link or button is that link or button.
  if (name === 'Enter' && event.target instanceof HTMLElement && event.target.closest('a, button, summary'))
    return
  if (/^[1-6]$/.test(name)) {
    if (Date.now() < pausedUntil || !current()) return
    pausedUntil = Date.now() + PAUSE_MS
    if (press(name)) event.preventDefault()
  } else if (actions[name]) {
    event.preventDefault()
    actions[name]()
  }
})

document.addEventListener('focusin', event => {
  const card = event.target instanceof HTMLElement ? event.target.closest('[data-card]') : null
  if (card && card !== current()) {
    current()?.classList.remove('current')
    card.classList.add('current')
  }
})

/** After a card was decided in place, the next one is at hand. */
document.addEventListener('htmx:after:swap', () => {
  const at = current()
  if (at && !('decided' in at.dataset)) return
  const all = cards()
  const decided = all.findLast(card => 'decided' in card.dataset && !('passed' in card.dataset))
  if (!decided) return
  decided.dataset.passed = ''
  choose(
    all.slice(all.indexOf(decided) + 1).find(card => !('decided' in card.dataset)) ??
      all.find(card => !('decided' in card.dataset)),
  )
})

const named =
  location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null
choose(
  document.querySelector('[data-card][data-current]') ??
    (named?.matches('[data-card]') ? named : undefined) ??
    (document.querySelector('form.verdict') ? cards()[0] : undefined),
  { scroll: false },
)
