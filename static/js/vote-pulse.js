// The line of the last minutes' votes: each vote that is heard lifts its end, and every minute it moves on.
import { counted } from "ensemble/live"

class VotePulse extends HTMLElement {
  #points = []
  #total = null
  #clock = 0

  connectedCallback() {
    this.#points = JSON.parse(this.dataset.points ?? "[]")
    this.#total = this.dataset.votes === undefined ? null : Number(this.dataset.votes)
    document.addEventListener("board:counts", this.#count)
    this.#clock = setInterval(this.#move, 60_000)
  }

  disconnectedCallback() {
    document.removeEventListener("board:counts", this.#count)
    clearInterval(this.#clock)
  }

  #count = ({ detail }) => {
    if (detail.votes === undefined || !this.#points.length) return
    const more = this.#total === null ? 0 : detail.votes - this.#total
    this.#total = detail.votes
    if (more <= 0) return
    this.#points[this.#points.length - 1] += more
    this.#draw()
  }

  #move = () => {
    this.#points = [...this.#points.slice(1), 0]
    this.#draw()
  }

  #draw() {
    const most = Math.max(1, ...this.#points)
    const line = this.#points.map((point, i) => `${((i * 100) / (this.#points.length - 1)).toFixed(1)},${(28 - (26 * point) / most).toFixed(1)}`)
    this.querySelector("polyline")?.setAttribute("points", line.join(" "))
    const lately = this.#points.at(-1) + this.#points.at(-2)
    const rate = this.querySelector(".pulse__rate")
    if (rate) rate.textContent = counted(rate.dataset, lately)
  }
}

customElements.define("vote-pulse", VotePulse)
