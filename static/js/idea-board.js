// A campaign's board that stays alive: totals move, new ideas wait until they are asked for, and nothing jumps.
import { BoardFeed } from "ensemble/board-feed"
import { calm, counted, countersOf, number, parse, play, write } from "ensemble/live"

const SORT_EVERY = 2000
const MOVED_AT_ONCE = 8 // Cards: a frame has time for no more, and the next one goes on.
const UNSEEN = 1000 // Milliseconds between what a page does that nobody looks at.
const SPREAD = 2000 // Milliseconds: whoever missed the same comes back in the same moment.
const ASKED_AT_ONCE = 50
const TELL_AFTER = 1500 // New ideas that come together are spoken of once,
const TELL_EVERY = 15_000 // and those that come one after the other not one by one.

class IdeaBoard extends HTMLElement {
  #feed
  #newest = 0
  #heard = [] // Changes that wait for the next frame.
  #counted = new Set() // Counters that this frame has changed.
  #elsewhere = -Infinity // The best figure, heard in this frame, of an idea that stands on another page.
  #gliding = new Map() // Cards on their way to a new place: card → animation.
  #waiting = new Map() // New ideas that wait behind the button: id → HTML.
  #later = new Map() // Words and pictures of cards that somebody points at: id → card.
  #outdated = new Set() // Ideas whose cards on the page are of before the last snapshot, until they are here.
  #outranked = false // An idea of another page belongs among these by now.
  #unseen = new WeakSet() // Cards far out of sight, which the browser leaves unrendered.
  #applied = 0 // The frame that last told something.
  #sorted = -SORT_EVERY
  #sorting = false
  #telling = 0
  #told = -TELL_EVERY

  connectedCallback() {
    this.#newest = Math.max(Number(this.dataset.newest ?? 0), ...this.#cards.map(idOf))
    this.#fresh?.addEventListener("click", this.#showFresh)
    for (const card of this.#cards) if (!card.checkVisibility({ contentVisibilityAuto: true })) this.#unseen.add(card)
    this.addEventListener("contentvisibilityautostatechange", this.#seeing, { capture: true })
    this.addEventListener("click", this.#more)
    this.addEventListener("mouseout", this.#left)
    this.addEventListener("focusout", this.#left)
    document.addEventListener("submit", this.#hold, { capture: true })
    document.addEventListener("visibilitychange", this.#apply)
    this.#feed ??= new BoardFeed(this.dataset.campaign, { take: this.#take, end: this.#sayChanged, refuse: this.#sayWhy })
    this.#feed.open(Number(this.dataset.seq))
  }

  disconnectedCallback() {
    this.#feed.leave()
    document.removeEventListener("submit", this.#hold, { capture: true })
    document.removeEventListener("visibilitychange", this.#apply)
    clearTimeout(this.#telling)
  }

  get #list() { return this.querySelector(".board") }
  get #cards() { return [...this.querySelectorAll(".idea")] }
  get #fresh() { return this.querySelector(".board__fresh") }

  // The campaign itself changed: what the page shows of its stage follows, and what it can't follow asks for a reload.
  #turn({ stage, kinds }) {
    if (stage.counts === false) this.#seal()
    document.dispatchEvent(new CustomEvent("board:stage", { detail: stage }))
    if (!kinds) return // A snapshot: nothing has just happened.
    // What is frozen by its status opens in no stage.
    const shut = document.querySelector(".idea:not([data-withdrawn]):not(:has(button.idea__vote, [data-frozen])), .ballot:not(:has(button, [data-frozen]))")
    if (stage.said && !(stage.votes && shut)) document.dispatchEvent(new CustomEvent("toast", { detail: { text: stage.said } }))
    else this.#sayChanged()
  }

  // From now on nobody here is to know the totals, of cards that wait included.
  #seal() {
    for (const card of [...this.#cards, ...this.#waiting.values(), ...this.#later.values()]) delete card.dataset.heat
    for (const place of [document, ...this.#waiting.values(), ...this.#later.values()]) {
      for (const counter of place.querySelectorAll(".idea__votes")) write(counter, "")
    }
  }

  #sayChanged = () => {
    if (this.dataset.changed) document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.dataset.changed, reload: true } }))
  }

  // It stays until it is closed: whoever looks away for a moment is to learn why nothing is taken from them any more.
  #sayWhy = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, refused: true, reload: true } }))

  #take = (change) => {
    if (this.#heard.push(change) > 1) return
    if (document.hidden) setTimeout(this.#apply, UNSEEN) // Frames come only where somebody looks, and what waits would pile up.
    else requestAnimationFrame(this.#apply)
  }

  #apply = () => {
    const heard = this.#heard.splice(0)
    this.#applied = document.timeline.currentTime
    for (const change of heard) {
      for (const card of change.ideas ?? []) this.#tell(card, change.kinds ?? [])
      for (const id of change.gone ?? []) this.#tellGone(id)
      if (change.lately !== undefined) document.dispatchEvent(new CustomEvent("board:lately", { detail: change.lately }))
      for (const [id, votes] of Object.entries(change.votes ?? {})) this.#count(id, votes)
      if (change.snapshot) {
        this.#compare(change)
        this.#findFresh(change)
        document.dispatchEvent(new CustomEvent("board:whole"))
      }
      if (change.counts) document.dispatchEvent(new CustomEvent("board:counts", { detail: change.counts }))
      if (change.stage) this.#turn(change)
    }
    this.#outranked ||= this.#isDisordered() || this.#isOutranked()
    this.#offerFresh()
    this.#mark()
    this.#sortSoon()
  }

  #tell(card, kinds) {
    this.#outdated.delete(card.id)
    this.#place(card, kinds)
    document.dispatchEvent(new CustomEvent("board:idea", { detail: card }))
  }

  #tellGone(id) {
    this.#outdated.delete(id)
    this.#takeOff(id)
    document.dispatchEvent(new CustomEvent("board:idea", { detail: { id } }))
  }

  // What happened in a long absence was told to nobody here: what is gone goes, and what says something else is asked for.
  #compare({ versions, comments = {}, statuses = {}, answered = [], whole }) {
    if (!versions) return
    const oldest = whole ? 0 : Math.min(...Object.keys(versions).map(Number))
    const replied = new Set(answered)
    for (const card of [...this.#cards, ...this.#waiting.values()]) {
      const id = idOf(card)
      if (!(id in versions)) {
        if (id >= oldest && card.dataset.withdrawn === undefined) this.#tellGone(id)
        continue
      }
      const { version, status, answered: answer, withdrawn } = (this.#later.get(card.id) ?? card).dataset
      const same = Number(version) === versions[id] && status === statuses[id] && (answer !== undefined) === replied.has(id)
      if (!same || withdrawn !== undefined || remarksOf(card) !== (comments[id] ?? 0)) this.#outdated.add(id)
    }
    if (this.#outdated.size) setTimeout(this.#askOutdated, SPREAD * Math.random())
  }

  // As many at a time as one message tells. Whatever was told of meanwhile is newer than the answer.
  #askOutdated = async () => {
    while (this.#outdated.size) {
      const asked = [...this.#outdated].slice(0, ASKED_AT_ONCE)
      const url = `${this.dataset.url}/cards?${new URLSearchParams(asked.map((id) => ["idea", id]))}`
      const answer = await fetch(url).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null)
      if (!answer) this.#sayChanged()
      for (const card of answer?.ideas ?? []) if (this.#outdated.has(card.id)) this.#renew(card)
      for (const id of asked) this.#outdated.delete(id)
    }
  }

  // All but its total, which the board tells: by now, that may be newer.
  #renew(card) {
    const totals = () => [...countersOf(card.id), this.#waiting.get(card.id)?.querySelector(".idea__votes")].filter(Boolean)
    const [total] = totals()
    const text = total?.textContent
    this.#tell(card, [])
    for (const counter of totals()) write(counter, text)
  }

  #count(id, votes) {
    const text = number(votes)
    const card = document.getElementById(`idea-${id}`)
    this.#warm(card, votes)
    for (const counter of countersOf(id)) {
      if (counter.textContent.trim() === text) continue
      counter.textContent = text
      this.#counted.add(counter)
    }
    const waiting = this.#waiting.get(Number(id))?.querySelector(".idea__votes")
    if (waiting) waiting.textContent = text
    else if (this.dataset.order === "supported" && !card) this.#elsewhere = Math.max(this.#elsewhere, votes)
  }

  // What nobody sees isn't animated, and would be when it is scrolled to.
  #mark() {
    for (const counter of this.#counted) if (!this.#unseen.has(counter.closest(".idea"))) play(counter, "moved")
    this.#counted.clear()
  }

  // The browser tells which cards it leaves out; to ask where they are, it would have to lay the page out anew.
  #seeing = ({ target, skipped }) => {
    if (skipped) this.#unseen.add(target)
    else this.#unseen.delete(target)
  }

  // Heat is kept as a logarithm, see ideas/trending.py: more votes add their weight of today to it.
  #warm(card, votes) {
    const more = card?.dataset.heat ? votes - votesOf(card) : 0
    const weight = Number(this.dataset.weight)
    if (more > 0) card.dataset.heat = Math.log(Math.exp(card.dataset.heat - weight) + more) + weight
  }

  #place({ id, html }, kinds) {
    const there = document.getElementById(`idea-${id}`)
    const card = cardIn(html)
    if (there) this.#refresh(there, card)
    else if (this.#waiting.has(id) || this.#isNew(id, kinds)) this.#waiting.set(id, card)
    else if (figureOf[this.dataset.order]) this.#elsewhere = Math.max(this.#elsewhere, figureOf[this.dataset.order](card))
  }

  // An older idea that isn't on the page stands on another page, unless it has just come back to the board. What leaves
  // in one message is mixed: where a remark or an edit may be what brought the card, nothing is called new.
  #isNew(id, kinds) {
    if (this.dataset.filtered !== undefined) return false
    return id > this.#newest || (kinds.some((kind) => BACK.has(kind)) && kinds.every((kind) => BACK.has(kind) || kind.startsWith("vote.")))
  }

  // A card that somebody points at or stands on changes its figures only; its words change when they have left.
  #refresh(there, fresh) {
    if (!there.matches(".idea") || !fresh) return
    const counter = there.querySelector(".idea__votes")
    const total = fresh.querySelector(".idea__votes")
    if (counter && total) counter.textContent = total.textContent
    const remarks = there.querySelector(".idea__remarks")
    const told = fresh.querySelector(".idea__remarks")
    if (remarks && told && document.activeElement !== remarks) remarks.innerHTML = told.innerHTML
    // Where its votes are frozen by now, there is nothing to press. What may be pressed again, the reader's own page knows.
    const [vote, still] = [there, fresh].map((card) => card.querySelector(".idea__vote"))
    if (vote?.matches("button") && still?.matches("p") && document.activeElement !== vote) vote.replaceWith(still.cloneNode(true))
    if (fresh.dataset.heat) there.dataset.heat = fresh.dataset.heat
    // Who supports it supports what it said: the page itself knows of whoever had confirmed since.
    if (Number(fresh.dataset.worded) > Number(there.dataset.worded)) {
      there.dataset.worded = fresh.dataset.worded
      if (there.querySelector(".idea__vote[aria-pressed=true]")) there.dataset.reworded = ""
    }
    if (there.dataset.withdrawn !== undefined) {
      delete there.dataset.withdrawn
      there.querySelector(".idea:not([data-own]) button.idea__vote")?.removeAttribute("disabled")
    }
    if (there.contains(document.activeElement) || there.matches(":hover")) this.#later.set(there.id, fresh)
    else this.#reword(there, fresh)
  }

  #reword(there, fresh) {
    this.#later.delete(there.id)
    for (const mark of ["version", "status", "answered"]) {
      if (mark in fresh.dataset) there.dataset[mark] = fresh.dataset[mark]
      else delete there.dataset[mark]
    }
    const [body, words] = [there, fresh].map((card) => card.querySelector(".idea__body"))
    if (body && words) body.replaceWith(words)
    const [shown, picture] = [there, fresh].map((card) => card.querySelector(":scope > .idea__picture"))
    if (shown?.getAttribute("src") === picture?.getAttribute("src")) return
    shown?.remove()
    if (picture) there.prepend(picture)
  }

  #left = (event) => {
    const card = event.target.closest(".idea")
    if (!card || !this.#later.has(card.id) || card.contains(event.relatedTarget)) return
    // Only once the pointer and the focus are really elsewhere, which is after this event.
    requestAnimationFrame(() => {
      const fresh = this.#later.get(card.id)
      if (fresh && !card.matches(":hover") && !card.contains(document.activeElement)) this.#reword(card, fresh)
    })
  }

  // Nobody supports an idea whose words are new behind those under their pointer: they see them first.
  #hold = (event) => {
    const card = event.submitter?.closest(".idea")
    const fresh = card && this.#later.get(card.id)
    if (!fresh || event.submitter.getAttribute("aria-pressed") === "true" || wordsOf(fresh) === wordsOf(card)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.#reword(card, fresh)
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.dataset.reread, refused: true } }))
  }

  #takeOff(id) {
    this.#waiting.delete(id)
    this.#later.delete(`idea-${id}`)
    const card = document.getElementById(`idea-${id}`)
    if (!card) return
    card.dataset.withdrawn = ""
    card.querySelector("button.idea__vote")?.setAttribute("disabled", "")
  }

  // Whether an idea from another page would stand among these by now.
  #isOutranked() {
    const figure = this.#elsewhere
    this.#elsewhere = -Infinity
    if (figure === -Infinity || this.dataset.filtered !== undefined || !this.#list?.children.length) return false
    return figure > Math.min(...this.#cards.map(figureOf[this.dataset.order]))
  }

  // The most supported move by themselves, see #sort; in the other orders a card that has overtaken another is only offered.
  #isDisordered() {
    if (!["discussed", "trending"].includes(this.dataset.order)) return false
    const figures = this.#cards.map(figureOf[this.dataset.order])
    return figures.some((figure, place) => place > 0 && figure > figures[place - 1])
  }

  // After a long absence the snapshot knows of new ideas by number only: their cards come from the page.
  async #findFresh({ newest }) {
    if (newest <= this.#newest || this.#waiting.has(newest) || this.dataset.filtered !== undefined) return
    const page = await fetch(`${this.dataset.url}?order=new`).then((answer) => answer.text()).catch(() => "")
    for (const card of parse(page).querySelectorAll(".board > .idea")) {
      if (idOf(card) > this.#newest) this.#waiting.set(idOf(card), card)
    }
    this.#offerFresh()
  }

  #offerFresh() {
    const button = this.#fresh
    if (!button) return
    const count = this.#waiting.size
    button.hidden = count === 0 && !this.#outranked
    const text = count ? counted(button.dataset, count) : button.dataset.order
    write(button.querySelector(".board__fresh-count"), text)
    this.#telling ||= setTimeout(this.#tellFresh, Math.max(TELL_AFTER, this.#told + TELL_EVERY - performance.now()))
  }

  // Who can't see the button hears of it once per rush, and not again while the number stays.
  #tellFresh = () => {
    this.#telling = 0
    const told = this.querySelector(".board__told")
    const text = this.#waiting.size ? this.querySelector(".board__fresh-count").textContent : ""
    if (!told || told.textContent === text) return
    told.textContent = text
    this.#told = performance.now()
  }

  #showFresh = () => {
    if (!this.#waiting.size) return location.reload() // The order of the whole board, from the page itself.
    const cards = [...this.#waiting.values()].sort((a, b) => idOf(b) - idOf(a))
    this.#waiting.clear()
    this.#list.prepend(...cards)
    this.#newest = Math.max(this.#newest, ...cards.map(idOf))
    this.querySelector(".empty")?.remove()
    for (const card of cards) play(card, "new")
    this.#offerFresh()
    cards[0]?.querySelector(".idea__link")?.focus({ preventScroll: true })
  }

  // The most supported first, while the board is watched: never under a pointer, a focus, or more often than one can follow.
  // In frames of its own: the one that tells the totals has enough to do.
  #sortSoon() {
    if (this.#sorting || this.dataset.order !== "supported") return
    this.#sorting = true
    setTimeout(() => requestAnimationFrame(this.#sort), Math.max(0, this.#sorted + SORT_EVERY - performance.now()))
  }

  #sort = (frame) => {
    if (this.#applied === frame) return void requestAnimationFrame(this.#sort)
    this.#sorting = false
    const list = this.#list
    if (!list || list.matches(":hover") || list.contains(document.activeElement)) return
    const cards = [...list.children]
    const votes = new Map(cards.map((card) => [card, votesOf(card)]))
    const order = [...cards].sort((a, b) => votes.get(b) - votes.get(a) || idOf(b) - idOf(a))
    const moves = movesBetween(cards, order)
    const moved = moves.length
    const watched = calm.matches ? [] : new Set([...cards.filter((card) => !this.#unseen.has(card)), ...moves.map(([card]) => card)])
    const places = new Map([...watched].map((card) => [card, card.getBoundingClientRect()]))
    list.dataset.moving = "" // A browser would scroll after the card that it holds on to.
    // Where a browser can, a move keeps the state of what is moved, and so an animation isn't played again.
    for (const [card, next] of moves) list[list.moveBefore ? "moveBefore" : "insertBefore"](card, next)
    if (moved < MOVED_AT_ONCE) requestAnimationFrame(() => requestAnimationFrame(() => { delete list.dataset.moving }))
    if (!moved) return
    this.#glide(places)
    if (moved < MOVED_AT_ONCE) this.#sorted = performance.now()
    else this.#sorting = Boolean(requestAnimationFrame(this.#sort))
  }

  // From where they were to where they are. Only what can be seen; and all is measured before the first one moves.
  #glide(before) {
    for (const animation of this.#gliding.values()) animation.cancel() // Measured below is where the cards belong.
    this.#gliding.clear()
    const moves = []
    for (const [card, from] of before) {
      const to = card.getBoundingClientRect()
      if ((from.top !== to.top || from.left !== to.left) && (inSight(from) || inSight(to))) moves.push([card, from, to])
    }
    for (const [card, from, to] of moves) {
      const way = [{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: "none" }]
      const animation = card.animate(way, { duration: 250, easing: "ease-out" })
      this.#gliding.set(card, animation)
      animation.onfinish = () => { if (this.#gliding.get(card) === animation) this.#gliding.delete(card) }
    }
  }

  // "Show more" brings the next page below this one; without scripts it is a link like any other.
  #more = async (event) => {
    const link = event.target.closest('a[rel="next"]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    link.setAttribute("aria-busy", "true")
    const page = await fetch(link.href).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer))).catch(() => null)
    if (page === null) return location.assign(link.href)
    const next = parse(page)
    const cards = [...next.querySelectorAll(".board > .idea")].filter((card) => !document.getElementById(card.id))
    this.#list.append(...cards)
    this.append(...next.querySelectorAll("seen-ideas"))
    const pager = next.querySelector(".pager")
    if (pager) link.closest(".pager").replaceWith(pager)
    else link.closest(".pager").remove()
    cards[0]?.querySelector(".idea__link")?.focus({ preventScroll: true })
  }
}

const BACK = new Set(["idea.submitted", "idea.restored"])
const idOf = (card) => Number(card.id.slice("idea-".length))
const wordsOf = (card) => [".idea__title", ".idea__text", ".idea__meta abbr"].map((part) => card.querySelector(part)?.textContent.trim()).join()
const votesOf = (card) => Number(card.querySelector(".idea__votes")?.textContent.replace(/[^\d]/g, "") ?? 0)
const remarksOf = (card) => Number(card.querySelector(".idea__remarks")?.firstChild.textContent.replace(/[^\d]/g, "") ?? 0)
const heatOf = (card) => Number(card.dataset.heat ?? 0)
const figureOf = { supported: votesOf, discussed: remarksOf, trending: heatOf }
const inSight = ({ top, bottom }) => bottom > 0 && top < innerHeight

// What brings the cards into this order from the top, as few moves as it takes and no more than a frame has time for: [card, before which].
function movesBetween(cards, order) {
  const moves = new Map()
  let place = 0
  for (const card of order) {
    while (moves.has(cards[place])) place++
    if (card === cards[place]) place++
    else if (moves.set(card, cards[place]).size === MOVED_AT_ONCE) break
  }
  return [...moves]
}

const cardIn = (html) => {
  const card = parse(html).querySelector(".idea")
  // What everybody is sent doesn't know who reads it.
  if (card?.dataset.author.split(" ").includes(document.documentElement.dataset.person)) {
    card.dataset.own = ""
    card.querySelector("button.idea__vote")?.setAttribute("disabled", "")
  }
  return card
}

customElements.define("idea-board", IdeaBoard)
