// The line of the last whole minutes' votes, and how many came in the last one. The running minute is the last point, not drawn.
import { counted, number } from "ensemble/live"

class VotePulse extends HTMLElement {
  #points = []
  #total = null
  #clock = 0

  connectedCallback() {
    this.#points = JSON.parse(this.dataset.points ?? "[]")
    this.#total = this.dataset.votes === undefined ? null : Number(this.dataset.votes)
    document.addEventListener("board:counts", this.#count)
    this.#next()
  }

  disconnectedCallback() {
    document.removeEventListener("board:counts", this.#count)
    clearTimeout(this.#clock)
  }

  #count = ({ detail }) => {
    if (detail.votes === undefined || !this.#points.length) return
    const more = this.#total === null ? 0 : detail.votes - this.#total
    this.#total = detail.votes
    if (more <= 0) return
    this.#points[this.#points.length - 1] += more
    this.#tell()
  }

  #next() { this.#clock = setTimeout(this.#move, 60_000 - (Date.now() % 60_000)) }

  #move = () => {
    this.#points = [...this.#points.slice(1), 0]
    this.#draw()
    this.#next()
  }

  #draw() {
    const whole = this.#points.slice(0, -1)
    const most = Math.max(1, ...whole)
    const line = whole.map((point, i) => `${((i * 100) / (whole.length - 1)).toFixed(1)},${(28 - (26 * point) / most).toFixed(1)}`)
    this.querySelector("polyline")?.setAttribute("points", line.join(" "))
    this.#tell()
  }

  // The running minute, and of the one before it the part that the last sixty seconds still reach.
  #tell() {
    const [last, running] = this.#points.slice(-2)
    const lately = Math.round(running + last * (1 - (Date.now() % 60_000) / 60_000))
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
