// A count that a worker makes: how far it is, and its figures in place of the last ones as soon as it is finished.
import { parse } from "ensemble/live"

const OFTEN = 3000 // Milliseconds between two questions, while something is under way

class CountProgress extends HTMLElement {
  #timer

  connectedCallback() { this.#wait() }
  disconnectedCallback() { clearTimeout(this.#timer) }

  #wait() {
    clearTimeout(this.#timer)
    if (this.hasAttribute("data-open")) this.#timer = setTimeout(this.#ask, OFTEN)
  }

  #ask = async () => {
    try {
      if (!document.hidden) await this.#look()
    } catch {} // Without a network there is nothing to tell; the next question may be answered.
    if (this.isConnected) this.#wait()
  }

  async #look() {
    const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json" } })
    if (!answer.ok) return
    const { step, done, out_of: outOf, doing, finished } = await answer.json()
    if (finished !== this.dataset.finished || !step) return this.#exchange()
    const label = this.querySelector(".progress__label")
    const bar = this.querySelector(".progress__bar")
    if (!label) return
    if (label.textContent !== doing) label.textContent = doing
    if (outOf) { bar.max = outOf; bar.value = done } else bar.removeAttribute("value")
  }

  // The page as it is now; what it says of the count takes our place.
  async #exchange() {
    const answer = await fetch(location.href)
    if (!answer.ok) return
    const fresh = parse(await answer.text()).querySelector("count-progress")
    if (!fresh) return location.reload()
    this.replaceWith(fresh)
  }
}

customElements.define("count-progress", CountProgress)
