// How alive the board is: the line of the last minutes' votes, how many came in the last sixty seconds, and what happened last.
import { counted, number, parse, play } from "ensemble/live"

const STEP = 10_000 // The sixty seconds move on while nobody votes.

class VotePulse extends HTMLElement {
  #points = []
  #total = null
  #minute = 0 // In which the last point runs.
  #lately = null // A list that waits until nobody points at this one.
  #clock = 0

  connectedCallback() {
    this.#points = JSON.parse(this.dataset.points ?? "[]")
    this.#total = this.dataset.votes === undefined ? null : Number(this.dataset.votes)
    document.addEventListener("board:counts", this.#count)
    document.addEventListener("board:lately", this.#list)
    document.addEventListener("board:stage", this.#seal)
    this.addEventListener("focusout", this.#unhand)
    this.addEventListener("mouseleave", this.#unhand)
    this.#minute = Math.floor(Date.now() / 60_000)
    this.#next()
  }

  disconnectedCallback() {
    document.removeEventListener("board:counts", this.#count)
    document.removeEventListener("board:lately", this.#list)
    document.removeEventListener("board:stage", this.#seal)
    clearTimeout(this.#clock)
  }

  #count = ({ detail }) => {
    if (detail.votes === undefined || !this.#points.length) return
    const more = this.#total === null ? 0 : detail.votes - this.#total
    this.#total = detail.votes
    if (more <= 0) return
    this.#turn()
    this.#points[this.#points.length - 1] += more
    this.#draw()
  }

  // While counts are sealed, nothing tells that somebody votes.
  #seal = ({ detail }) => {
    if (detail.counts !== false) return
    this.#points = []
    for (const part of this.querySelectorAll(".sparkline, .pulse__rate")) part.remove()
  }

  #next() { this.#clock = setTimeout(this.#move, STEP - (Date.now() % STEP)) }

  #move = () => {
    this.#turn()
    this.#draw()
    this.#next()
  }

  // A page that slept may have missed several.
  #turn() {
    const minute = Math.floor(Date.now() / 60_000)
    const passed = Math.min(minute - this.#minute, this.#points.length)
    this.#minute = minute
    if (passed > 0) this.#points = [...this.#points.slice(passed), ...Array(passed).fill(0)]
  }

  #draw() {
    if (!this.#points.length) return
    const drawn = [...this.#points.slice(0, -1), this.#lastMinute]
    const most = Math.max(1, ...drawn)
    const line = drawn.map((point, i) => `${((i * 100) / (drawn.length - 1)).toFixed(1)},${(28 - (26 * point) / most).toFixed(1)}`)
    this.querySelector("polyline")?.setAttribute("points", line.join(" "))
    this.#tell()
  }

  #list = ({ detail }) => {
    const list = this.querySelector(".pulse__lately")
    if (!list) return
    this.#lately = detail
    // What somebody is about to press stays where it is.
    if (!list.matches(":hover") && !list.contains(document.activeElement)) this.#relist()
  }

  #unhand = () => requestAnimationFrame(() => { if (this.#lately !== null) this.#list({ detail: this.#lately }) })

  #relist() {
    const list = this.querySelector(".pulse__lately")
    const known = new Set([...list.children].map((item) => item.textContent))
    list.replaceChildren(...parse(this.#lately).querySelectorAll("li"))
    this.#lately = null
    for (const item of list.children) if (!known.has(item.textContent)) play(item, "new")
  }

  // The running minute, and of the one before it the part that the last sixty seconds still reach.
  get #lastMinute() {
    const [last, running] = this.#points.slice(-2)
    return Math.round(running + last * (1 - (Date.now() % 60_000) / 60_000))
  }

  #tell() {
    const lately = this.#lastMinute
    const rate = this.querySelector(".pulse__rate")
    if (!rate) return
    const said = counted(rate.dataset, lately)
    if (rate.textContent === said) return // With every vote, and most say the same.
    const [before, after] = said.split(number(lately))
    const figure = Object.assign(document.createElement("strong"), { textContent: number(lately) })
    rate.replaceChildren(...(after === undefined ? [before] : [before, figure, after]))
  }
}

customElements.define("vote-pulse", VotePulse)
