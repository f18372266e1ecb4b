// How many people are here, now, and the board's other figures, wherever the page shows them.
import { counted, number } from "ensemble/live"

class BoardPresence extends HTMLElement {
  connectedCallback() { document.addEventListener("board:counts", this.#count) }
  disconnectedCallback() { document.removeEventListener("board:counts", this.#count) }

  #count = ({ detail }) => {
    for (const [name, value] of Object.entries(detail)) {
      for (const figure of document.querySelectorAll(`[data-count="${name}"]`)) figure.textContent = number(value)
    }
    if (detail.people === undefined) return
    this.textContent = counted(this.dataset, detail.people)
    this.hidden = detail.people === 0
  }
}

customElements.define("board-presence", BoardPresence)
