// A campaign's board that stays alive: totals move, new ideas wait until they are asked for, and nothing jumps.
import { ask, calm, counted, number, parse, play, socket } from "ensemble/live"

const SORT_EVERY = 2000

class IdeaBoard extends HTMLElement {
  #seq = 0
  #newest = 0
  #heard = [] // Changes that wait for the next frame.
  #waiting = new Map() // New ideas that wait behind the button: id → HTML.
  #sorted = 0

  connectedCallback() {
    this.#seq = Number(this.dataset.seq)
    this.#newest = Math.max(Number(this.dataset.newest ?? 0), ...this.#cards.map(idOf))
    this.#fresh?.addEventListener("click", this.#showFresh)
    this.addEventListener("click", this.#more)
    socket.on("connect", this.#watch).on("board.changed", this.#hear)
    if (socket.connected) this.#watch()
    else socket.connect()
  }

  disconnectedCallback() {
    socket.off("connect", this.#watch).off("board.changed", this.#hear)
  }

  get #list() { return this.querySelector(".board") }
  get #cards() { return [...this.querySelectorAll(".idea")] }
  get #fresh() { return this.querySelector(".board__fresh") }

  // Every connect asks for what was missed since the last number that was heard.
  #watch = async () => {
    const answer = await ask("board.watch", { campaign: this.dataset.campaign, since: this.#seq }).catch(() => null)
    if (!answer?.ok) return
    if (answer.snapshot) this.#hear({ ...answer.snapshot, campaign: this.dataset.campaign, seq: answer.seq, snapshot: true })
    for (const change of answer.changes ?? []) this.#hear(change)
  }

  // Changes hold totals, so hearing one twice does no harm; an older one than the last is stale.
  #hear = (change) => {
    if (change.campaign !== this.dataset.campaign || change.seq < this.#seq) return
    this.#seq = change.seq
    this.#heard.push(change)
    if (this.#heard.length === 1) requestAnimationFrame(this.#apply)
  }

  #apply = () => {
    const heard = this.#heard.splice(0)
    for (const change of heard) {
      for (const card of change.ideas ?? []) {
        this.#place(card)
        document.dispatchEvent(new CustomEvent("board:idea", { detail: card }))
      }
      for (const id of change.gone ?? []) this.#takeOff(id)
      for (const [id, votes] of Object.entries(change.votes ?? {})) this.#count(id, votes)
      if (change.snapshot) this.#findFresh(change.votes)
      if (change.counts) document.dispatchEvent(new CustomEvent("board:counts", { detail: change.counts }))
      if (change.kinds?.some((kind) => kind.startsWith("campaign."))) {
        document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.dataset.changed, reload: true } }))
      }
    }
    this.#offerFresh()
    this.#sort()
  }

  #count(id, votes) {
    for (const counter of document.querySelectorAll(`[id="idea-${id}"] .idea__votes, .idea__votes[data-idea="${id}"]`)) {
      const text = number(votes)
      if (counter.textContent.trim() === text) continue
      counter.textContent = text
      play(counter, "moved")
    }
  }

  #place({ id, html }) {
    const there = document.getElementById(`idea-${id}`)
    if (there) this.#refresh(there, cardIn(html))
    else if (id > this.#newest && this.dataset.filtered === undefined) this.#waiting.set(id, html)
    else if (this.#waiting.has(id)) this.#waiting.set(id, html)
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
    const body = there.querySelector(".idea__body")
    if (body && !body.contains(document.activeElement) && !there.matches(":hover")) body.replaceWith(fresh.querySelector(".idea__body"))
  }

  #takeOff(id) {
    this.#waiting.delete(id)
    const card = document.getElementById(`idea-${id}`)
    if (!card) return
    card.dataset.withdrawn = ""
    card.querySelector("button.idea__vote")?.setAttribute("disabled", "")
  }

  // After a long absence the snapshot knows of new ideas by number only: their cards come from the page.
  async #findFresh(votes) {
    const unknown = Object.keys(votes).map(Number).filter((id) => id > this.#newest && !this.#waiting.has(id))
    if (!unknown.length || this.dataset.filtered !== undefined) return
    const page = await fetch(`${this.dataset.url}?order=new`).then((answer) => answer.text()).catch(() => "")
    for (const card of parse(page).querySelectorAll(".board > .idea")) {
      if (idOf(card) > this.#newest) this.#waiting.set(idOf(card), card.outerHTML)
    }
    this.#offerFresh()
  }

  #offerFresh() {
    const button = this.#fresh
    if (!button) return
    const count = this.#waiting.size
    button.hidden = count === 0
    button.querySelector(".board__fresh-count").textContent = counted(button.dataset, count)
  }

  #showFresh = () => {
    const fresh = [...this.#waiting].sort(([a], [b]) => b - a)
    this.#waiting.clear()
    const cards = fresh.map(([, html]) => cardIn(html)).filter(Boolean)
    this.#list.prepend(...cards)
    this.#newest = Math.max(this.#newest, ...cards.map(idOf))
    this.querySelector(".empty")?.remove()
    for (const card of cards) play(card, "new")
    this.#offerFresh()
    cards[0]?.querySelector(".idea__link")?.focus({ preventScroll: true })
  }

  // The most supported first, while the board is watched: never under a pointer, a focus, or more often than one can follow.
  #sort() {
    const list = this.#list
    if (!list || this.dataset.order !== "supported" || performance.now() - this.#sorted < SORT_EVERY) return
    if (list.matches(":hover") || list.contains(document.activeElement)) return
    const cards = [...list.children]
    const order = [...cards].sort((a, b) => votesOf(b) - votesOf(a) || idOf(b) - idOf(a))
    if (order.every((card, place) => card === cards[place])) return
    this.#sorted = performance.now()
    const before = new Map(cards.map((card) => [card, card.getBoundingClientRect()]))
    list.append(...order)
    if (calm.matches) return
    for (const card of order) {
      const from = before.get(card)
      const to = card.getBoundingClientRect()
      if (from.top === to.top && from.left === to.left) continue
      card.animate([{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: "none" }], { duration: 250, easing: "ease-out" })
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
    const pager = next.querySelector(".pager")
    if (pager) link.closest(".pager").replaceWith(pager)
    else link.closest(".pager").remove()
    cards[0]?.querySelector(".idea__link")?.focus({ preventScroll: true })
  }
}

const idOf = (card) => Number(card.id.slice("idea-".length))
const votesOf = (card) => Number(card.querySelector(".idea__votes")?.textContent.replace(/[^\d]/g, "") ?? 0)
const cardIn = (html) => parse(html).querySelector(".idea")

customElements.define("idea-board", IdeaBoard)
